package dev.hone.task;

import dev.hone.record.ChatMessage;
import dev.hone.record.Task;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Tasks in groups that must stay together: near-duplicates, and conversations that others go on from, since a continuation shows what its beginning is
 * judged by; and whatever is linked through these. A turn in common, such as a greeting, links nothing. System turns do not count where there are others:
 * all rows of a product have the same.
 */
final class TaskGroups {
    /** Of its share of the tasks, the most that a fold may have. */
    private static final double MOST_SHARES = 2;

    private final List<Task> tasks;
    private final List<List<ChatMessage>> conversations;
    private final int[] continuations;
    private final List<List<Integer>> groups;

    TaskGroups(List<Task> tasks) {
        this.tasks = List.copyOf(tasks);
        this.conversations = tasks.stream().map(TaskGroups::turns).toList();
        this.continuations = new int[tasks.size()];
        Links links =
                new NearDuplicates(conversations.stream().map(TaskGroups::said).toList()).links(Folds.NEAR);
        joinContinuations(links);
        this.groups = links.groups().stream()
                .sorted(Comparator.comparingInt((List<Integer> group) -> group.size())
                        .reversed()
                        .thenComparing(group -> tasks.get(group.getFirst()).id()))
                .toList();
    }

    private static List<ChatMessage> turns(Task task) {
        List<ChatMessage> all = task.input().messages();
        List<ChatMessage> said =
                all.stream().filter(message -> !message.role().equals("system")).toList();
        return said.isEmpty() ? all : said;
    }

    private static String said(List<ChatMessage> turns) {
        return turns.stream().map(ChatMessage::content).collect(Collectors.joining("\n"));
    }

    private void joinContinuations(Links links) {
        Map<List<ChatMessage>, Integer> whole = new HashMap<>();
        for (int i = 0; i < tasks.size(); i++) {
            whole.putIfAbsent(conversations.get(i), i);
        }
        for (int i = 0; i < tasks.size(); i++) {
            List<ChatMessage> turns = conversations.get(i);
            for (int length = 1; length <= turns.size(); length++) {
                Integer beginning = whole.get(turns.subList(0, length));
                if (beginning != null && beginning != i) {
                    links.join(beginning, i);
                    continuations[beginning]++;
                }
            }
        }
    }

    /** The largest first. */
    List<List<Task>> largestFirst() {
        return groups.stream()
                .map(group -> group.stream().map(tasks::get).toList())
                .toList();
    }

    /**
     * Refuses folds that they were given to, of which one is empty or has more than {@value #MOST_SHARES} times its share: with little to learn from, or to judge by, no
     * figure would mean anything.
     *
     * @throws IllegalArgumentException with the sizes, what made them so, and the remedy
     */
    void requireEven(List<List<Task>> folds) {
        IntSummaryStatistics sizes = folds.stream().mapToInt(List::size).summaryStatistics();
        if (sizes.getMin() > 0 && sizes.getMax() <= MOST_SHARES * tasks.size() / folds.size()) {
            return;
        }
        List<Integer> largest = groups.isEmpty() ? List.of() : groups.getFirst();
        throw new IllegalArgumentException(
                "[%d] rows cannot be cut into [%d] folds: the largest would have [%d], the smallest [%d]. Rows stay together whose turns overlap by [%s] or of which one begins another: they are [%d] groups, the largest of [%d]%s. Put what all rows repeat, such as an instruction or a greeting, into a system message, which is not compared%s; or give more rows that differ"
                        .formatted(
                                tasks.size(),
                                folds.size(),
                                sizes.getMax(),
                                sizes.getMin(),
                                Folds.NEAR,
                                groups.size(),
                                largest.size(),
                                examples(largest),
                                hub(largest)));
    }

    private String examples(List<Integer> group) {
        return group.size() < 2
                ? ""
                : group.stream()
                        .limit(2)
                        .map(member -> "[%s]".formatted(tasks.get(member).id()))
                        .collect(Collectors.joining(" and ", ", with ", ""));
    }

    /** What to leave out of a group where many conversations begin with one short row; empty where none do. */
    private String hub(List<Integer> group) {
        return group.stream()
                .max(Comparator.comparingInt(member -> continuations[member]))
                .filter(member -> continuations[member] > 1)
                .map(member -> "; leave out the row [%s], which [%d] others begin with"
                        .formatted(tasks.get(member).id(), continuations[member]))
                .orElse("");
    }
}
