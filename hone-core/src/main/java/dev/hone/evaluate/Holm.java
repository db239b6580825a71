package dev.hone.evaluate;

import java.util.Arrays;
import java.util.Comparator;

/** Correction of several tests on the same data: the chance that any true hypothesis is rejected stays below the level. */
public final class Holm {
    private Holm() {}

    /**
     * Holm's step-down correction (1979): the i-th smallest of m becomes the largest of {@code (m − j + 1)·p(j)}, j up to i, at
     * most 1.
     *
     * @return in the order that they came
     */
    public static double[] correct(double[] p) {
        Integer[] order = new Integer[p.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble(i -> p[i]));
        double[] corrected = new double[p.length];
        double most = 0;
        for (int i = 0; i < order.length; i++) {
            most = Math.max(most, Math.min(1, (p.length - i) * p[order[i]]));
            corrected[order[i]] = most;
        }
        return corrected;
    }
}
