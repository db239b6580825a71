package dev.hone.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.fetch.FetchListener;
import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.Task;
import dev.hone.task.TaskFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Words of eight letters, each a token, with a token before each turn and one after it. */
final class RowCountsTest {
    private static final int QUESTION = 1 + 8 + 1 + 1;
    private static final int ANSWER = 1 + 1;

    private final UseCase letters = LetterUseCase.of(3);
    private final List<Task> tasks = letters.data().tasks();

    @TempDir
    Path folder;

    private LoadedModel model(int positions) throws IOException {
        return LoadedModel.open(
                TinyChatModel.write(folder.resolve("model-" + positions), positions)
                        .toString(),
                FetchListener.SILENT);
    }

    @Test
    void eachIsCountedOnce() throws IOException {
        try (LoadedModel model = model(512)) {
            RowCounts counts = new RowCounts(model, letters);
            RowCounts.Count first = counts.of(tasks.getFirst());
            assertEquals(new RowCounts.Count(QUESTION, QUESTION + ANSWER, ANSWER), first);
            assertSame(first, counts.of(tasks.getFirst()));
            assertEquals(3 * (QUESTION + ANSWER), counts.demonstrations(tasks));
            assertEquals(3 * ANSWER, counts.trained(tasks));
            assertEquals(QUESTION, counts.question(tasks));
        }
    }

    /** Of three words and one of 2,000 letters, which no training of theirs has room for. */
    @Test
    void aStudyLeavesOutWhatIsTooLongAndSaysSo() throws IOException {
        String reference = TinyChatModel.write(folder.resolve("long"), 4096).toString();
        Task tooLong = new Task(
                "long", Conversation.of(ChatMessage.of("user", "a".repeat(2_000))), "a", Map.of(TaskFile.PART, "all"));
        List<Task> all = new ArrayList<>(tasks);
        all.add(1, tooLong);
        UseCase mixed = letters.with(new UseCase.Data("mixed", all, Map.of(), Map.of("said before", 2)));
        UseCase fitting = Study.fitting(reference, mixed, LetterUseCase.SILENT);
        assertEquals(tasks, fitting.data().tasks());
        assertEquals(
                Map.of("said before", 2, "longer than 1024 tokens", 1),
                fitting.data().excluded());
        assertSame(letters, Study.fitting(reference, letters, LetterUseCase.SILENT), "all of its rows fit");
    }

    @Test
    void whatTheTrainingOrTheModelHasNoRoomForDoesNotFit() throws IOException {
        int answer = letters.maxTokens();
        try (LoadedModel exact = model(answer + QUESTION);
                LoadedModel less = model(answer + QUESTION - 1)) {
            Task task = tasks.getFirst();
            assertTrue(new RowCounts(exact, letters).fits(task, QUESTION + ANSWER));
            assertFalse(new RowCounts(exact, letters).fits(task, QUESTION + ANSWER - 1));
            assertFalse(new RowCounts(less, letters).fits(task, QUESTION + ANSWER));
            assertEquals(QUESTION - 1, new RowCounts(less, letters).mostOfQuestion());
        }
    }
}
