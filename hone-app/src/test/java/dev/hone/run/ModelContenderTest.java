package dev.hone.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.hone.evaluate.Answer;
import dev.hone.fetch.FetchListener;
import dev.hone.record.ChatMessage;
import dev.hone.record.Constraint;
import dev.hone.record.Conversation;
import dev.hone.record.SamplingMode;
import dev.hone.record.Task;
import dev.hone.train.WorkerSnapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A random model is asked one word twice, as two tasks. */
@Timeout(120)
final class ModelContenderTest {
    private static final int MOST = 40;
    private static final List<Task> TASKS = List.of(task("one"), task("other"));

    @TempDir
    Path folder;

    private static Task task(String id) {
        return new Task(id, Conversation.of(ChatMessage.of("user", "abc")), "a", Map.of());
    }

    private static ModelContender greedy() {
        return new ModelContender("tiny", TASKS, 0, Task::input, task -> new Constraint.None());
    }

    /** As studies and rounds draw. */
    private static ModelContender shared() {
        return new ModelContender("tiny", TASKS, 0, Task::input, task -> new Constraint.None(), 1);
    }

    private LoadedModel model() throws IOException {
        return LoadedModel.open(TinyChatModel.write(folder.resolve("model")).toString(), FetchListener.SILENT);
    }

    private static List<String> said(ModelContender contender, LoadedModel model, WorkerSnapshot snapshot) {
        return contender.answer(model, snapshot, MOST, done -> {}, () -> false).orElseThrow().answers().stream()
                .map(Answer::output)
                .toList();
    }

    @Test
    void theSeedMovesWhatIsDrawnAndEveryTaskDrawsForItself() throws IOException {
        try (LoadedModel model = model();
                WorkerSnapshot snapshot = model.sampler(SamplingMode.EXACT, 2, 64)) {
            List<String> first = said(greedy().drawing(1, 1), model, snapshot);
            assertNotEquals(first.getFirst(), first.getLast());
            List<String> second = said(greedy().drawing(1, 2), model, snapshot);
            assertNotEquals(first.getFirst(), second.getFirst());
            assertEquals(first, said(greedy().drawing(1, 1), model, snapshot));
            List<String> together = said(shared(), model, snapshot);
            assertEquals(together.getFirst(), together.getLast(), "a study's rows share their stream");
        }
    }

    /** Answers that were kept are found by what decided them: those of a study that goes on, too. */
    @Test
    void theSeedIsOfTheIdentityWhereItDecides() throws IOException {
        try (LoadedModel model = model()) {
            Identity study = new Identity().add("who").add(MOST + " 1");
            for (Task task : TASKS) {
                study.add(task.id()).addValue(model.prompt(task.input())).add(new Constraint.None().toString());
            }
            assertEquals(study.hex(), shared().identity(model, MOST, "who"));
            assertEquals(
                    1, shared().request(TASKS.getFirst(), model, MOST).params().seed());
            String first = greedy().drawing(1, 1).identity(model, MOST, "who");
            assertNotEquals(first, greedy().drawing(1, 2).identity(model, MOST, "who"));
            assertNotEquals(first, shared().identity(model, MOST, "who"));
        }
    }
}
