package dev.hone.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.fetch.FetchListener;
import dev.hone.fetch.FileCache;
import dev.hone.grade.ToolCallGrader;
import dev.hone.record.Task;
import dev.hone.schema.Grammar;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The real rows, from the user's cache or PyPI. */
@Tag("slow")
class AssistantActionsDataTest {
    private static AssistantActions.Selected data;
    private static List<Task> tasks;
    private static Folds folds;

    @BeforeAll
    static void load() throws IOException {
        data = AssistantActions.load(FileCache.standard(), FetchListener.SILENT);
        tasks = data.tasks();
        folds = Folds.of(tasks, 5, AssistantActions.FUNCTION);
    }

    @Test
    void theRowsAndFoldsAreTheSameEverywhere() {
        assertEquals(824, tasks.size());
        assertEquals(Map.of("said before", 24, "of a rare function", 463, "only its system turn", 8), data.excluded());
        assertEquals(33, functions(tasks));
        assertEquals(
                List.of(165, 165, 165, 164, 165),
                IntStream.range(0, 5).mapToObj(fold -> folds.test(fold).size()).toList());
        assertEquals("6c39ebcec578a646a901f3a1e709843ed1f71f5b1b9dbe4c80952444d11cb2bb", folds.hash());
    }

    @Test
    void noNearDuplicatePairCrossesFoldsAndEveryFunctionIsInEach() {
        assertTrue(nearPairs() >= 10, "there are near-duplicates");
        assertEquals(0, crossing());
        for (int fold = 0; fold < 5; fold++) {
            assertEquals(33, functions(folds.test(fold)), "functions of fold " + fold);
        }
    }

    /** One row's accepted values contradict its schema: the rule calls every output wrong. */
    @Test
    void everyTargetIsRightButOne() {
        List<String> wrong = tasks.stream()
                .filter(task ->
                        new ToolCallGrader().grade(task, task.reference()).score() < 1)
                .map(Task::id)
                .toList();
        assertEquals(List.of("live_multiple_862-181-3"), wrong);
    }

    /** The leaderboard accepts values there that its own schemas do not list, or of another type: decision 11. */
    @Test
    void whatTheDecoderRefusesIsKnown() {
        assertEquals(
                12,
                tasks.stream()
                        .filter(task -> Grammar.ofCalls(
                                        OfferedCalls.of(task.input().tools()).tools())
                                .refusal(task.reference())
                                .isPresent())
                        .count());
    }

    private static long functions(List<Task> tasks) {
        return tasks.stream()
                .map(task -> task.require(AssistantActions.FUNCTION))
                .distinct()
                .count();
    }

    private static int nearPairs() {
        List<Set<String>> all = shingles(tasks);
        int near = 0;
        for (int i = 0; i < all.size(); i++) {
            for (int j = 0; j < i; j++) {
                near += Similarity.jaccard(all.get(i), all.get(j)) >= Folds.NEAR ? 1 : 0;
            }
        }
        return near;
    }

    /** Near-duplicate pairs of tasks of different folds, each counted from both sides. */
    private static int crossing() {
        int crossing = 0;
        for (int fold = 0; fold < folds.count(); fold++) {
            List<Set<String>> train = shingles(folds.train(fold));
            for (Set<String> test : shingles(folds.test(fold))) {
                crossing += (int) train.stream()
                        .filter(other -> Similarity.jaccard(test, other) >= Folds.NEAR)
                        .count();
            }
        }
        return crossing;
    }

    private static List<Set<String>> shingles(List<Task> tasks) {
        return tasks.stream().map(task -> Similarity.shingles(task.question())).toList();
    }
}
