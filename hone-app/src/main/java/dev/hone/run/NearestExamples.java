package dev.hone.run;

import dev.hone.evaluate.NearestSentence;
import dev.hone.evaluate.TextSimilarity;
import dev.hone.record.Task;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Training rows that are shown to a model that has not learned the job, before a question: those whose questions are written
 * most like it. Of labels and texts; what offers tools has {@link CallExamples}.
 */
final class NearestExamples {
    /** That are shown at most. */
    static final int MOST = 5;

    /** Bytes that the examples and the question have together at most: of a long question fewer are shown, or none. */
    private static final int ROOM = 4_000;

    private final NearestSentence nearest;

    NearestExamples(List<Task> train) {
        nearest = new NearestSentence(train, task -> Set.of(), task -> Set.of(), TextSimilarity::ofWriting);
    }

    /** Name of the contender that is shown them. */
    static String contender() {
        return "base, %d examples".formatted(MOST);
    }

    /** Those before a question, the nearest last. */
    List<Task> of(Task task) {
        List<Task> shown = new ArrayList<>();
        int left = ROOM - bytes(task.question());
        for (Task example : nearest.nearest(task, MOST)) {
            int size = bytes(example.question()) + bytes(example.reference());
            if (size <= left) {
                left -= size;
                shown.add(example);
            }
        }
        return shown.reversed();
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
