package dev.hone.train;

import dev.hone.model.PrefixTree;
import dev.hone.record.Datum;
import java.util.ArrayList;
import java.util.List;

/** Which sequences are computed together. */
final class Packing {
    private Packing() {}

    /**
     * Bins of indices into {@code data}, each of at most {@code budget} rows after beginnings in common were laid out once.
     * Sequences that begin alike stand together; a sequence longer than the budget has a bin of its own.
     */
    static List<List<Integer>> pack(List<Datum> data, int budget) {
        List<int[]> sequences = data.stream().map(Datum::tokens).toList();
        List<List<Integer>> bins = new ArrayList<>();
        int room = 0;
        for (int index : PrefixTree.order(sequences)) {
            int[] sequence = sequences.get(index);
            int needed = bins.isEmpty()
                    ? sequence.length
                    : PrefixTree.beyond(sequence, sequences.get(bins.getLast().getLast()));
            if (bins.isEmpty() || needed > room) {
                bins.add(new ArrayList<>());
                room = budget;
                needed = sequence.length;
            }
            bins.getLast().add(index);
            room -= needed;
        }
        return bins;
    }
}
