package dev.hone.run;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.charter.Charter;
import dev.hone.charter.CharterReader;
import dev.hone.fetch.FetchListener;
import dev.hone.fetch.Hashes;
import dev.hone.record.Constraint;
import dev.hone.record.Grader.Grade;
import dev.hone.record.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class RewardedTasksTest {
    private static final String HEAD = """
            name: letters
            owner: Ada
            job: Says the letter.
            viewers: [everyone]
            """;

    private static final String LETTERS = """
            {"trace":"first","messages":[{"role":"user","content":"a"},{"role":"assistant","content":"a"}]}
            {"messages":[{"role":"user","content":"b"},{"role":"assistant","content":"b"}]}
            {"id":"own","messages":[{"role":"user","content":"c"},{"role":"assistant","content":"g"}]}
            """;

    private static final String CALLS = """
            {"trace":"first","messages":[{"role":"user","content":"a"},{"role":"assistant","content":"","tool_calls":[{"type":"function","id":"1","function":{"name":"say","arguments":"{\\"letter\\":\\"a\\"}"}}]}],"tools":[{"type":"function","function":{"name":"say","parameters":{"type":"object","properties":{"letter":{"type":"string"}}}}}]}
            """;

    @TempDir
    Path folder;

    private static Charter charter(String good) {
        return CharterReader.read("letters.yaml", HEAD + good);
    }

    private RewardedTasks read(String rows, String good) throws IOException {
        return RewardedTasks.read(Files.writeString(folder.resolve("rows.jsonl"), rows), charter(good), false);
    }

    private LoadedModel model(Map<String, String> settings) throws IOException {
        Path model = TinyChatModel.write(folder.resolve("model-" + settings.size()));
        if (!settings.isEmpty()) {
            new Manifest(1, "base", "data", 1, settings, new Manifest.Training(1, 1, 1, 1, 1, 1, null, 1), Map.of())
                    .write(model);
        }
        return LoadedModel.open(model.toString(), FetchListener.SILENT);
    }

    @Test
    void tasksAreCalledLikeTheirTracesAndRewardedByTheCharter() throws IOException {
        RewardedTasks tasks = read(LETTERS, """
                good:
                  kind: multi
                  parts:
                    - {name: exact, weight: 3, kind: string_check, operation: eq}
                    - {name: somewhere, kind: string_check, operation: like}
                """);
        assertEquals(Hashes.sha256(folder.resolve("rows.jsonl")), tasks.sha256());
        try (LoadedModel base = model(Map.of())) {
            ReinforcementRun.Job job = tasks.fit(base, 8).job();
            assertEquals(
                    List.of("first", "line 2", "own (line 3)"),
                    job.tasks().stream().map(Task::id).toList());
            Grade grade = job.grader().grade(job.tasks().getFirst(), "bab");
            assertEquals(0.25, job.reward().applyAsDouble(grade), 1e-12);
            assertTrue(grade.parts().containsKey("exact") && grade.parts().containsKey("somewhere"), grade.toString());
            assertEquals(PromptForm.MESSAGES, requireNonNull(job.taught()).form());
        }
    }

    @Test
    void whatTheCharterCannotJudgeIsCounted() throws IOException {
        RewardedTasks tasks = read(LETTERS, "good: {kind: label, classes: [a, b]}");
        assertEquals(2, tasks.useCase().data().tasks().size());
        assertEquals(
                Map.of("its right answer is none of the charter's classes", 1),
                tasks.useCase().data().excluded());
        String none = assertThrows(IllegalArgumentException.class, () -> read(LETTERS, "good: {kind: tool_call}"))
                .getMessage();
        assertTrue(none.contains("None of [3] tasks"), none);
    }

    /** A model that learned rows as they stand would be asked for calls as it never was. */
    @Test
    void aModelIsAskedAsItWasTaught() throws IOException {
        RewardedTasks calls = read(CALLS, "good: {kind: tool_call}");
        try (LoadedModel messages = model(Map.of(PromptForm.SETTING, "messages"))) {
            String message = assertThrows(IllegalArgumentException.class, () -> calls.fit(messages, 8))
                    .getMessage();
            assertTrue(message.contains("asked as [messages]") && message.contains("[brief-tools]"), message);
            RewardedTasks texts = read(LETTERS, "good: {kind: string_check, operation: eq}");
            ReinforcementRun.Job job = texts.fit(messages, 8).job();
            assertEquals(
                    job.tasks().getFirst().input(), job.ask().apply(job.tasks().getFirst()));
            assertInstanceOf(
                    Constraint.None.class, job.constrain().apply(job.tasks().getFirst()));
            String room = assertThrows(IllegalArgumentException.class, () -> texts.fit(messages, 63))
                    .getMessage();
            assertTrue(room.contains("None of [3] tasks leaves room"), room);
        }
    }
}
