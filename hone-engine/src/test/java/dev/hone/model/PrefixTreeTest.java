package dev.hone.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.model.PrefixTree.Segment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PrefixTreeTest {
    @Test
    void aBeginningInCommonIsThereOnce() {
        PrefixTree tree =
                PrefixTree.of(List.of(new int[] {1, 2, 3, 4, 5, 6}, new int[] {9}, new int[] {1, 2, 3, 4, 7}));
        assertEquals(
                List.of(new Segment(0, 4, 3), new Segment(4, 2, 0), new Segment(6, 1, 0), new Segment(7, 1, 0)),
                tree.segments());
        assertArrayEquals(new long[] {1, 2, 3, 4, 5, 6, 7, 9}, tree.tokens());
        assertArrayEquals(new long[] {0, 1, 2, 3, 4, 5, 4, 0}, tree.positions());
        assertArrayEquals(new int[] {0, 1, 2, 3, 6}, tree.rows()[2]);
    }

    @Test
    void shortBeginningsInCommonAreNotWorthASegment() {
        List<int[]> sequences = List.of(new int[] {1, 2, 3, 4}, new int[] {1, 2, 3, 5});
        assertEquals(
                List.of(new Segment(0, 4, 0), new Segment(4, 4, 0)),
                PrefixTree.of(sequences).segments());
        assertEquals(4, PrefixTree.beyond(sequences.get(1), sequences.get(0)));
        assertEquals(1, PrefixTree.beyond(new int[] {1, 2, 3, 4, 8}, sequences.get(0)));
    }

    @Test
    void everyRowSeesExactlyItsSequence() {
        Random random = new Random(4);
        for (int round = 0; round < 300; round++) {
            List<int[]> sequences = new ArrayList<>();
            for (int i = 0; i <= random.nextInt(12); i++) {
                int[] own = random.ints(1 + random.nextInt(15), 0, 3).toArray();
                if (i > 0) {
                    int[] other = sequences.get(random.nextInt(i));
                    int common = random.nextInt(1 + Math.min(own.length, other.length));
                    System.arraycopy(other, 0, own, 0, common);
                }
                sequences.add(own);
            }
            PrefixTree tree = PrefixTree.of(sequences);
            for (int i = 0; i < sequences.size(); i++) {
                int[] rows = tree.rows()[i];
                for (int position = 0; position < rows.length; position++) {
                    assertEquals(position, tree.positions()[rows[position]]);
                    int[] seen = seen(tree, rows[position]);
                    assertArrayEquals(Arrays.copyOf(rows, position + 1), seen);
                    assertArrayEquals(
                            Arrays.copyOf(sequences.get(i), position + 1),
                            Arrays.stream(seen)
                                    .map(row -> (int) tree.tokens()[row])
                                    .toArray());
                }
            }
            assertTrue(tree.tokens().length
                    <= sequences.stream().mapToInt(sequence -> sequence.length).sum());
        }
    }

    /** The rows that attention shows to a row. */
    private static int[] seen(PrefixTree tree, int row) {
        List<Integer> seen = new ArrayList<>();
        for (Segment segment : tree.segments()) {
            int end = segment.start() + segment.length();
            boolean own = row >= segment.start() && row < end;
            boolean continued = row >= end && row < end + segment.continued();
            for (int other = segment.start(); other < end && (continued || own && other <= row); other++) {
                seen.add(other);
            }
        }
        return seen.stream().mapToInt(Integer::intValue).toArray();
    }
}
