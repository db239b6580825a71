package dev.hone.grade;

import dev.hone.record.Task;
import java.util.List;
import java.util.SortedSet;

/**
 * Another class, and a text that is none.
 *
 * @param classes at least two
 */
record LabelCorruption(LabelGrader labels, SortedSet<String> classes) implements Corruption {
    @Override
    public List<Corrupted> of(Task task) {
        String right = labels.right(task);
        String other = classes.first().equals(right) ? classes.last() : classes.first();
        return List.of(Corrupted.of("another class", other), Corrupted.of("no class", right + " or " + other));
    }
}
