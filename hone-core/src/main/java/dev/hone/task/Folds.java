package dev.hone.task;

import dev.hone.fetch.Hashes;
import dev.hone.record.Task;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Tasks cut into folds that never share near-duplicates: conversations of which one goes on from the other, or whose turns' character {@value
 * NearDuplicates#SHINGLE}-grams overlap by a Jaccard index of at least {@value #NEAR} are in one fold, and so is everything that is linked through them ({@link
 * TaskGroups}). Within that, every class is spread evenly. Within a fold tasks stand in an order that is arbitrary but fixed. No chance is involved.
 */
public final class Folds {
    static final double NEAR = 0.6;

    private final List<List<Task>> folds;

    private Folds(List<List<Task>> folds) {
        this.folds = folds.stream().map(List::copyOf).toList();
    }

    /**
     * Cuts tasks.
     *
     * @param stratum name of the metadatum whose values are spread evenly
     * @throws IllegalArgumentException when what must stay together leaves a fold empty, or makes one far larger than its share
     */
    public static Folds of(List<Task> tasks, int count, String stratum) {
        TaskGroups groups = new TaskGroups(tasks);
        List<List<Task>> folds = new ArrayList<>();
        List<Map<String, Integer>> counts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            folds.add(new ArrayList<>());
            counts.add(new HashMap<>());
        }
        for (List<Task> group : groups.largestFirst()) {
            int best = 0;
            for (int fold = 1; fold < count; fold++) {
                int already = already(group, counts.get(fold), stratum);
                int least = already(group, counts.get(best), stratum);
                if (already < least
                        || already == least
                                && folds.get(fold).size() < folds.get(best).size()) {
                    best = fold;
                }
            }
            folds.get(best).addAll(group);
            for (Task task : group) {
                counts.get(best).merge(task.require(stratum), 1, Integer::sum);
            }
        }
        groups.requireEven(folds);
        folds.forEach(fold -> fold.sort(Comparator.comparing(Folds::place)));
        return new Folds(folds);
    }

    /** Unrelated to what a task is about, so that the first tasks of a fold are like the rest. */
    private static String place(Task task) {
        return Hashes.sha256(task.id());
    }

    /** How many tasks of the group's classes a fold has already, weighted by the group. */
    private static int already(List<Task> group, Map<String, Integer> counts, String stratum) {
        return group.stream()
                .mapToInt(task -> counts.getOrDefault(task.require(stratum), 0))
                .sum();
    }

    public int count() {
        return folds.size();
    }

    /** The tasks of a fold. */
    public List<Task> test(int fold) {
        return folds.get(fold);
    }

    /** The tasks of all other folds. */
    public List<Task> train(int fold) {
        List<Task> others = new ArrayList<>();
        for (int i = 0; i < folds.size(); i++) {
            if (i != fold) {
                others.addAll(folds.get(i));
            }
        }
        return others;
    }

    /** SHA-256 over every task's fold, id, question, other turns, tools, reference and metadata. */
    public String hash() {
        MessageDigest digest = Hashes.sha256();
        for (int fold = 0; fold < folds.size(); fold++) {
            for (Task task : folds.get(fold)) {
                List<String> fields =
                        new ArrayList<>(List.of(Integer.toString(fold), task.id(), task.question(), task.reference()));
                fields.addAll(task.input().tools());
                if (task.input().messages().size() > 1) {
                    task.input().messages().forEach(message -> fields.add(message.role() + " " + message.content()));
                }
                task.metadata().entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .forEach(entry -> fields.add(entry.getKey() + "=" + entry.getValue()));
                for (String field : fields) {
                    digest.update(field.getBytes(StandardCharsets.UTF_8));
                    digest.update((byte) 0);
                }
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
