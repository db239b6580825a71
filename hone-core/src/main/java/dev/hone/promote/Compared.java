package dev.hone.promote;

import java.util.List;

/**
 * What is known of a live version and its candidate by one measure.
 *
 * @param splits one for each step so far, the last of which is going on; first the live version, second the candidate
 */
public record Compared(Measure measure, List<Split> splits) {
    public Compared {
        splits = List.copyOf(splits);
    }

    /** Values of the candidate in the step that is going on. */
    long candidates() {
        return splits.isEmpty() ? 0 : splits.getLast().second().count();
    }

    /** Values of those that it is compared with in the step that is going on. */
    long others() {
        return splits.isEmpty() ? 0 : splits.getLast().first().count();
    }
}
