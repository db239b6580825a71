package dev.hone.task;

import dev.hone.record.DatasetTask;
import dev.hone.record.Split;
import java.util.List;
import java.util.Map;

/**
 * Tasks in their splits, and what was left out on the way.
 *
 * @param tasks training first, test last, each split in order
 * @param hash SHA-256 over the split and content of every task, in hexadecimal
 */
public record FrozenDataset(List<DatasetTask> tasks, String hash, Counts counts) {
    public FrozenDataset {
        tasks = List.copyOf(tasks);
    }

    /**
     * What was kept, left out and found odd.
     *
     * @param traces with a demonstration
     * @param exactDuplicates left out: same input and answer as another
     * @param corrected left out: a later demonstration answers the same input otherwise
     * @param nearDuplicates left out: nearly the input of another, with the same answer
     * @param straddling left out: of a time split what is near a task of an earlier split, else what is only learned from and near to what has been judged by
     * @param tasks kept, by split
     * @param groups of tasks that stay together
     * @param classes different answers, or values of the metadatum to stratify by
     * @param singleClasses those with one task
     * @param unseenClasses those that validation or test have and training has not
     * @param unseenTasks of validation and test in such a class
     */
    public record Counts(
            int traces,
            int exactDuplicates,
            int corrected,
            int nearDuplicates,
            int straddling,
            Map<String, Integer> tasks,
            int groups,
            int classes,
            int singleClasses,
            int unseenClasses,
            int unseenTasks) {}

    /** The tasks of a split. */
    public List<DatasetTask> of(Split split) {
        return tasks.stream().filter(task -> task.split() == split).toList();
    }
}
