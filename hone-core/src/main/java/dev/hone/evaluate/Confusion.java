package dev.hone.evaluate;

import dev.hone.record.Task;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a contender took for what: how often it gave each class where each was right.
 *
 * @param contender whose answers these are
 * @param classes the most frequent ones, the most frequent first; what is not among them is in the last row and column
 * @param counts by the right class, then by the given one; one row and column more than there are classes
 */
public record Confusion(String contender, List<String> classes, List<List<Integer>> counts) {
    /** More are not told apart by eye. */
    static final int MOST_CLASSES = 30;

    /**
     * Counts.
     *
     * @param right the class of a task
     * @param given the class that an output names; null where it names none
     */
    public static Confusion of(
            Judged judged, Function<Task, String> right, BiFunction<Task, String, @Nullable String> given) {
        Map<String, Integer> frequency = new HashMap<>();
        judged.tasks().forEach(task -> frequency.merge(right.apply(task), 1, Integer::sum));
        List<String> classes = frequency.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(MOST_CLASSES)
                .map(Map.Entry::getKey)
                .toList();
        int[][] counts = new int[classes.size() + 1][classes.size() + 1];
        for (int i = 0; i < judged.tasks().size(); i++) {
            Task task = judged.tasks().get(i);
            String named = given.apply(task, judged.answers().answers().get(i).output());
            counts[place(classes, right.apply(task))][place(classes, named)]++;
        }
        List<List<Integer>> rows = new ArrayList<>();
        for (int[] row : counts) {
            rows.add(IntStream.of(row).boxed().toList());
        }
        return new Confusion(judged.contender(), classes, List.copyOf(rows));
    }

    private static int place(List<String> classes, @Nullable String name) {
        int place = classes.indexOf(name);
        return place < 0 ? classes.size() : place;
    }
}
