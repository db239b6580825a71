package dev.hone.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.fetch.FetchListener;
import dev.hone.record.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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
