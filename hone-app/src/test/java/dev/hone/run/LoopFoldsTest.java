package dev.hone.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.algorithm.GrpoListener;
import dev.hone.algorithm.Rollouts;
import dev.hone.algorithm.SftListener;
import dev.hone.charter.Charter;
import dev.hone.evaluate.Report;
import dev.hone.evaluate.Verdict;
import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.Task;
import dev.hone.task.TaskFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two folds of a tiny job. */
@Timeout(600)
final class LoopFoldsTest {
    @TempDir
    Path folder;

    private LoopOutcome run(String model) throws IOException {
        return run(model, LetterUseCase.SILENT);
    }

    private LoopOutcome run(String model, Loop.Listener listener) throws IOException {
        Path out = folder.resolve("folds");
        Charter.Constraints constraints = new Charter.Constraints(null, Duration.ofNanos(1));
        Loop.Options options =
                new Loop.Options(model, 1, 0, Duration.ofMinutes(1), LetterUseCase.PRICES, constraints, null, out);
        return new LoopFolds(options, LetterUseCase.of(40), 2, listener)
                .run(() -> false)
                .orElseThrow();
    }

    /** Hears which stages begin, which of them the plan knew of, and what is told. */
    private static final class Heard implements Loop.Listener {
        private final List<String> said = new ArrayList<>();
        private final List<String> told = new ArrayList<>();
        private Set<LoopStage> expected = Set.of();

        @Override
        public void fold(int fold, int folds) {
            said.add("fold %d of %d".formatted(fold, folds));
            expected = Set.of();
        }

        @Override
        public void begins(LoopStage stage) {
            said.add(stage + (expected.contains(stage) ? ", planned" : ""));
        }

        @Override
        public void expects(Map<LoopStage, Duration> durations) {
            expected = durations.keySet();
        }

        @Override
        public void stage(String name) {
            told.add(name);
        }

        @Override
        public void answered(String contender, int done, int total) {}

        @Override
        public void stepped(SftListener.Step step) {}

        @Override
        public void stepped(GrpoListener.Step step, List<Rollouts> rollouts) {}

        /** Of the first that is told so; -1 without. */
        private int place(String beginning) {
            for (int i = 0; i < told.size(); i++) {
                if (told.get(i).startsWith(beginning)) {
                    return i;
                }
            }
            return -1;
        }
    }

    /** Its page can be made, and the same command again finds everything as it was, times among it. */
    @Test
    void foldsArePooledAndFoundAgain() throws IOException {
        String model = TinyChatModel.write(folder.resolve("model"), 512).toString();
        Heard heard = new Heard();
        LoopOutcome outcome = run(model, heard);
        String report = Files.readString(folder.resolve("folds").resolve(Loop.REPORT));
        assertEquals(16, outcome.report().rows().test());
        int power = heard.place("With 8 rows you can see none of up to ± 30 points between two contenders");
        assertTrue(power >= 0 && power < heard.place("Fine-tuning"), heard.told.toString());
        Verdict verdict = outcome.report().verdict();
        assertNotNull(verdict);
        assertEquals(List.of("p95"), verdict.exceeded());
        assertTrue(verdict.sentence().contains(", which exceeds p95 ("), verdict.sentence());
        assertEquals(2, outcome.floors());
        assertEquals(List.of("nearest sentence", "nearest meaning, MiniLM"), names(outcome, outcome.floors()));
        assertEquals(
                List.of("base, as asked", "base, 5 examples"),
                names(outcome, outcome.others()).subList(2, 4));
        assertTrue(outcome.models().size() >= 2, outcome.models().toString());
        assertTrue(outcome.losses().length > 0);
        Report.Reinforcement rewards = Objects.requireNonNull(outcome.report().reinforcement());
        assertEquals(fold(0).tokens() + fold(1).tokens(), rewards.tokens());
        assertEquals((fold(0).finalReward() + fold(1).finalReward()) / 2, rewards.finalReward(), 1e-12);
        List<String> stages = List.of(
                "PREPARING",
                "MEASURING",
                "FINE_TUNING, planned",
                "REINFORCING, planned",
                "ASKING_OTHERS, planned",
                "ASKING_TRAINED, planned");
        for (int fold = 0; fold < 2; fold++) {
            int at = heard.said.indexOf("fold %d of 2".formatted(fold));
            assertEquals(stages, heard.said.subList(at + 1, at + 1 + stages.size()));
        }
        assertEquals(LetterUseCase.PRICES, outcome.report().prices());
        assertTrue(
                Duration.between(Instant.parse(String.valueOf(outcome.report().created())), Instant.now())
                                .compareTo(Duration.ofMinutes(10))
                        < 0,
                outcome.report().created());
        run(model);
        assertEquals(report, Files.readString(folder.resolve("folds").resolve(Loop.REPORT)));
    }

    private Report.Reinforcement fold(int fold) throws IOException {
        Path file = folder.resolve("folds").resolve("fold-" + fold).resolve(Loop.REPORT);
        return Objects.requireNonNull(
                JsonFile.read(file, Report.class).orElseThrow().reinforcement());
    }

    @Test
    void rowsThatTheModelHasNoRoomForAreSaid() throws IOException {
        String model = TinyChatModel.write(folder.resolve("small")).toString();
        String message =
                assertThrows(IllegalArgumentException.class, () -> run(model)).getMessage();
        assertTrue(message.contains("All of [40] rows") && message.contains(model), message);
    }

    /** All rows go on from one: four folds would be empty, and nothing be learned. */
    @Test
    void foldsThatCannotBeCutAreRefusedBeforeAnythingIsTrained() throws IOException {
        String model = TinyChatModel.write(folder.resolve("model"), 512).toString();
        UseCase letters = LetterUseCase.of(30);
        ChatMessage hello = ChatMessage.of("user", "h");
        List<Task> tasks = new ArrayList<>();
        tasks.add(new Task("hello", Conversation.of(hello), "a", Map.of(TaskFile.PART, "all")));
        for (Task task : letters.data().tasks()) {
            ChatMessage word = task.input().messages().getLast();
            Conversation input = Conversation.of(hello, ChatMessage.of("assistant", "a"), word);
            tasks.add(new Task(task.id(), input, task.reference(), task.metadata()));
        }
        UseCase joined = letters.with(new UseCase.Data("joined", tasks, Map.of(), Map.of()));
        Path out = folder.resolve("joined");
        Loop.Options options =
                new Loop.Options(model, 1, 0, Duration.ofMinutes(1), LetterUseCase.PRICES, null, null, out);
        String message = assertThrows(
                        IllegalArgumentException.class, () -> new Loop(options, joined, LetterUseCase.SILENT).prepare())
                .getMessage();
        assertTrue(message.contains("leave out the row [hello], which [30] others begin with"), message);
        assertFalse(Files.exists(out.resolve(LoopPlan.FILE)) || Files.exists(out.resolve(Loop.MODEL)));
    }

    private static List<String> names(LoopOutcome outcome, int count) {
        return outcome.judged().subList(0, count).stream()
                .map(judged -> judged.contender())
                .toList();
    }
}
