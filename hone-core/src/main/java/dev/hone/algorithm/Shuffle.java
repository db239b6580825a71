package dev.hone.algorithm;

import dev.hone.record.Seeds;
import java.util.Arrays;
import java.util.SplittableRandom;

/** The order of an epoch, as a pure function of seed and epoch. */
final class Shuffle {
    private Shuffle() {}

    /** A permutation of {@code 0 … size-1}. */
    static int[] order(int size, long seed, long epoch) {
        int[] order = new int[size];
        Arrays.setAll(order, i -> i);
        SplittableRandom random = new SplittableRandom(Seeds.mix(seed, epoch));
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
        return order;
    }
}
