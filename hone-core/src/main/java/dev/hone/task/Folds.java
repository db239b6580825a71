package dev.hone.task;

import dev.hone.fetch.Hashes;
import dev.hone.record.ChatMessage;
import dev.hone.record.Task;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Tasks cut into folds that never share near-duplicates: tasks that begin alike, or whose turns' character {@value NearDuplicates#SHINGLE}-grams overlap by
 * a Jaccard index of at least {@value #NEAR} are in one fold, and so is everything that is linked through them. Within that,
 * every class is spread evenly. Within a fold tasks stand in an order that is arbitrary but fixed. No chance is involved.
 */
public final class Folds {
    static final double NEAR = 0.6;

    private final List<List<Task>> folds;

    private Folds(List<List<Task>> folds) {
        this.folds = folds.stream().map(List::copyOf).toList();
    }

    /** @param stratum name of the metadatum whose values are spread evenly */
    public static Folds of(List<Task> tasks, int count, String stratum) {
        List<List<Task>> groups = new ArrayList<>(groups(tasks));
        groups.sort(Comparator.comparingInt((List<Task> group) -> group.size())
                .reversed()
                .thenComparing(group -> group.getFirst().id()));
        List<List<Task>> folds = new ArrayList<>();
        List<Map<String, Integer>> counts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            folds.add(new ArrayList<>());
            counts.add(new HashMap<>());
        }
        for (List<Task> group : groups) {
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

    /** Tasks in groups, a group being everything linked by near-duplicates. */
    private static List<List<Task>> groups(List<Task> tasks) {
        List<String> said = tasks.stream().map(Folds::said).toList();
        Links links = new NearDuplicates(said).links(NEAR);
        Map<String, Integer> beginnings = new HashMap<>();
        for (int i = 0; i < tasks.size(); i++) {
            Integer before = beginnings.putIfAbsent(beginning(tasks.get(i)), i);
            if (before != null) {
                links.join(before, i);
            }
        }
        return links.groups().stream()
                .map(group -> group.stream().map(tasks::get).toList())
                .toList();
    }

    /** All turns but the system's. */
    private static String said(Task task) {
        return turns(task).map(ChatMessage::content).collect(Collectors.joining("\n"));
    }

    /** The first turn: rows of one conversation have it in common, and one shows what another is judged by. */
    private static String beginning(Task task) {
        return turns(task).findFirst().map(ChatMessage::content).orElse("");
    }

    private static Stream<ChatMessage> turns(Task task) {
        return task.input().messages().stream()
                .filter(message -> !message.role().equals("system"));
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
