package dev.hone.train;

import dev.hone.record.Datum;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Which sequences are computed together. */
final class Packing {
    private Packing() {}

    /**
     * Bins of indices into {@code data}, each of at most {@code budget} tokens: the longest sequences first, each into the
     * first bin with room. A sequence longer than the budget has a bin of its own.
     */
    static List<List<Integer>> pack(List<Datum> data, int budget) {
        List<List<Integer>> bins = new ArrayList<>();
        List<Integer> room = new ArrayList<>();
        List<Integer> longestFirst = IntStream.range(0, data.size())
                .boxed()
                .sorted(Comparator.comparingInt(
                                (Integer index) -> data.get(index).length())
                        .reversed())
                .toList();
        for (int index : longestFirst) {
            int length = data.get(index).length();
            int bin = 0;
            while (bin < bins.size() && room.get(bin) < length) {
                bin++;
            }
            if (bin == bins.size()) {
                bins.add(new ArrayList<>());
                room.add(budget);
            }
            bins.get(bin).add(index);
            room.set(bin, room.get(bin) - length);
        }
        return bins;
    }
}
