package dev.hone.watch;

import dev.hone.improve.Queue;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A call before somebody who labels it.
 *
 * @param item why it is asked
 * @param waiting how many wait, with it
 * @param request as it is stored
 * @param pair two answers whose versions are hidden; null where there is one
 * @param answer of the model, as it is stored; the one that users saw
 * @param output the same as it is edited; empty of a pair
 * @param calls whether the answer calls a tool, so that what is edited is a call; of a pair nobody says
 * @param classes that may be answered; none where answers are no labels
 * @param offered names of the tools that may be called
 */
public record LabelItem(
        Queue.Item item,
        int waiting,
        String request,
        String answer,
        @Nullable Pair pair,
        String output,
        boolean calls,
        List<String> classes,
        List<String> offered) {
    public LabelItem {
        classes = List.copyOf(classes);
        offered = List.copyOf(offered);
    }

    /** Two answers as they are stored, in the order in which they stand. */
    public record Pair(String first, String second) {}

    public UUID trace() {
        return item.trace();
    }

    /** Why it is asked, where that does not tell which of two answers is which. */
    public List<String> reasons() {
        return pair == null ? item.reasons() : List.of();
    }
}
