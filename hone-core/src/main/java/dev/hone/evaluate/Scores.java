package dev.hone.evaluate;

import dev.hone.record.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What came of each judged task, so that contenders can be compared on any of them: a part of a {@link Report}. Nothing that tasks or answers say is in it.
 *
 * @param slices what each task belongs to, in the order of the tasks; empty where few do, so that what single tasks say is not told
 * @param contenders each answered the first of these tasks
 */
public record Scores(List<String> slices, List<Of> contenders) {
    /** What is in no slice. */
    public static final String OTHER = "";

    public Scores {
        slices = List.copyOf(slices);
        contenders = List.copyOf(contenders);
        for (Of one : contenders) {
            if (one.right().length() > slices.size()) {
                throw new IllegalArgumentException("[%s] has [%d] scores of [%d] tasks"
                        .formatted(one.name(), one.right().length(), slices.size()));
            }
        }
    }

    /**
     * A contender's.
     *
     * @param right a letter for each of the first tasks: 1 for a right answer, 0 for any other
     * @param latenciesMs of single requests; none where nobody measured them
     */
    public record Of(String name, String right, List<Double> latenciesMs) {
        public Of {
            latenciesMs = List.copyOf(latenciesMs);
            if (!right.matches("[01]*")) {
                throw new IllegalArgumentException("Scores of [%s] are 0 and 1, nothing else".formatted(name));
            }
        }

        boolean isRight(int task) {
            return right.charAt(task) == '1';
        }
    }

    /** Two contenders on tasks that both answered. */
    public record Pair(int tasks, int wins, int losses) {
        /** By the ids of what both were asked. */
        public static Pair of(Judged a, Judged b) {
            Judged.Pair right = Judged.Pair.of(a, b);
            int wins = 0;
            int losses = 0;
            for (int i = 0; i < right.a().length; i++) {
                wins += right.a()[i] > right.b()[i] ? 1 : 0;
                losses += right.a()[i] < right.b()[i] ? 1 : 0;
            }
            return new Pair(right.a().length, wins, losses);
        }

        /** Share of right answers of the first less that of the second. */
        public Interval difference() {
            return DifferenceInterval.paired(wins, losses, tasks);
        }

        /** Share of the tasks that exactly one of both has right. */
        public double discordant() {
            return (double) (wins + losses) / tasks;
        }
    }

    /**
     * Of contenders on the same tasks; who answered others than the first of these is left out.
     *
     * @param metadatum that says what a task belongs to
     */
    public static Scores of(List<Judged> judged, String metadatum) {
        List<Task> all = judged.stream()
                .map(Judged::tasks)
                .max(Comparator.comparingInt(List::size))
                .orElse(List.of());
        List<Of> contenders = new ArrayList<>();
        for (Judged one : judged) {
            if (isBeginning(one.tasks(), all)) {
                contenders.add(new Of(
                        one.contender(),
                        Arrays.stream(one.right())
                                .mapToObj(right -> right == 1 ? "1" : "0")
                                .collect(Collectors.joining()),
                        Arrays.stream(one.answers().latencies())
                                .mapToObj(seconds -> 1000 * seconds)
                                .toList()));
            }
        }
        List<String> slices = all.stream().map(task -> task.require(metadatum)).toList();
        Map<String, Long> sizes = slices.stream().collect(Collectors.groupingBy(slice -> slice, Collectors.counting()));
        return new Scores(
                slices.stream()
                        .map(slice -> sizes.getOrDefault(slice, 0L) < Report.LEAST_OF_SLICE ? OTHER : slice)
                        .toList(),
                contenders);
    }

    private static boolean isBeginning(List<Task> tasks, List<Task> of) {
        for (int i = 0; i < tasks.size(); i++) {
            if (!tasks.get(i).id().equals(of.get(i).id())) {
                return false;
            }
        }
        return true;
    }

    /** A contender; empty where there is none of that name. */
    public Optional<Of> find(String name) {
        return contenders.stream().filter(one -> one.name().equals(name)).findFirst();
    }

    /** Names of slices that both answered a task of, the largest first; {@link #OTHER} is one. */
    public List<String> slicesOf(Of a, Of b) {
        return slices.subList(0, Math.min(a.right().length(), b.right().length())).stream()
                .collect(Collectors.groupingBy(slice -> slice, Collectors.counting()))
                .entrySet()
                .stream()
                .sorted(Comparator.comparing((Map.Entry<String, Long> slice) -> -slice.getValue())
                        .thenComparing(Map.Entry::getKey))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** On all tasks that both answered. */
    public Pair pair(Of a, Of b) {
        return pair(a, b, null);
    }

    /** On those of a slice; null for all. */
    public Pair pair(Of a, Of b, @Nullable String slice) {
        int tasks = 0;
        int wins = 0;
        int losses = 0;
        for (int i = 0; i < Math.min(a.right().length(), b.right().length()); i++) {
            if (slice == null || slice.equals(slices.get(i))) {
                tasks++;
                wins += a.isRight(i) && !b.isRight(i) ? 1 : 0;
                losses += !a.isRight(i) && b.isRight(i) ? 1 : 0;
            }
        }
        return new Pair(tasks, wins, losses);
    }
}
