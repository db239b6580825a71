package dev.hone.algorithm;

import java.util.Arrays;
import java.util.SplittableRandom;

/** The order of an epoch, as a pure function of seed and epoch. */
final class Shuffle {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private Shuffle() {}

    /** A permutation of {@code 0 … size-1}. */
    static int[] order(int size, long seed, long epoch) {
        int[] order = new int[size];
        Arrays.setAll(order, i -> i);
        SplittableRandom random = new SplittableRandom(seed * GOLDEN + epoch);
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
        return order;
    }

    /** A seed of its own for each number. */
    static long mix(long seed, long number) {
        return new SplittableRandom(seed * GOLDEN + number).nextLong();
    }
}
