package dev.hone.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Token sequences laid out in rows so that a beginning that several have in common is computed once. The tree is laid out
 * depth first: the rows that continue a segment follow it at once.
 *
 * @param segments in the order of their rows
 * @param tokens of each row
 * @param positions of each row in its sequence
 * @param rows for each sequence the row of each of its positions
 */
public record PrefixTree(List<Segment> segments, long[] tokens, long[] positions, int[][] rows) {
    /** Beginnings in common that are shorter than this are computed again: a segment more costs as much. */
    static final int LEAST_SHARED = 4;

    /**
     * Consecutive rows of the same sequences.
     *
     * @param start its first row
     * @param length number of its rows
     * @param continued number of rows after it that belong to sequences which go on from it
     */
    public record Segment(int start, int length, int continued) {}

    /** Lays out sequences that are not empty, in whatever order. */
    public static PrefixTree of(List<int[]> sequences) {
        return new Builder(sequences).build();
    }

    /** Number of rows that a sequence needs beyond those of another: its tokens after what both begin with. */
    public static int beyond(int[] sequence, int[] other) {
        int common = common(sequence, other);
        return sequence.length - (common < LEAST_SHARED ? 0 : common);
    }

    /** Indices of sequences in an order in which those that begin alike stand together. */
    public static List<Integer> order(List<int[]> sequences) {
        return IntStream.range(0, sequences.size())
                .boxed()
                .sorted(Comparator.comparing(sequences::get, Arrays::compare))
                .toList();
    }

    private static int common(int[] a, int[] b) {
        int mismatch = Arrays.mismatch(a, b);
        return mismatch < 0 ? a.length : mismatch;
    }

    private static final class Builder {
        private final List<Integer> order;
        private final int[][] sorted;
        private final int[][] rows;
        private final List<Segment> segments = new ArrayList<>();
        private final long[] tokens;
        private final long[] positions;
        private int next;

        Builder(List<int[]> sequences) {
            order = order(sequences);
            sorted = order.stream().map(sequences::get).toArray(int[][]::new);
            rows = new int[sorted.length][];
            for (int i = 0; i < sorted.length; i++) {
                rows[order.get(i)] = new int[sorted[i].length];
            }
            int most = sequences.stream().mapToInt(sequence -> sequence.length).sum();
            tokens = new long[most];
            positions = new long[most];
        }

        PrefixTree build() {
            layOut(0, sorted.length, 0);
            return new PrefixTree(
                    List.copyOf(segments), Arrays.copyOf(tokens, next), Arrays.copyOf(positions, next), rows);
        }

        /** Lays out what some neighbours in the order have after the beginning that is laid out already. */
        private void layOut(int from, int to, int depth) {
            int first = from;
            while (first < to) {
                int end = first + 1;
                int common = sorted[first].length;
                while (end < to) {
                    int shared = common(sorted[end - 1], sorted[end]);
                    if (shared < depth + LEAST_SHARED) {
                        break;
                    }
                    common = Math.min(common, shared);
                    end++;
                }
                int place = segments.size();
                int start = next;
                write(first, end, depth, common);
                if (common > depth) {
                    segments.add(new Segment(start, common - depth, 0));
                }
                if (end > first + 1) {
                    int after = next;
                    layOut(first, end, common);
                    segments.set(place, new Segment(start, common - depth, next - after));
                }
                first = end;
            }
        }

        private void write(int first, int end, int depth, int common) {
            for (int position = depth; position < common; position++) {
                tokens[next] = sorted[first][position];
                positions[next] = position;
                for (int i = first; i < end; i++) {
                    rows[order.get(i)][position] = next;
                }
                next++;
            }
        }
    }
}
