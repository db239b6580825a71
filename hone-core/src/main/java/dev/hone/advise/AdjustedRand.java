package dev.hone.advise;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How far two ways to sort the same things agree, beyond chance: 1 where they are the same, 0 where they agree as much as two random ones
 * with groups of these sizes (Hubert and Arabie, "Comparing partitions", 1985, equation 5).
 */
public final class AdjustedRand {
    private AdjustedRand() {}

    /**
     * The index.
     *
     * @param one group of each thing
     * @param other group of each thing, in the same order
     * @throws IllegalArgumentException when they are not of the same things, or of none
     */
    public static double of(List<?> one, List<?> other) {
        if (one.size() != other.size() || one.isEmpty()) {
            throw new IllegalArgumentException(
                    "[%d] things in one sorting and [%d] in the other".formatted(one.size(), other.size()));
        }
        Map<Object, Long> ones = new HashMap<>();
        Map<Object, Long> others = new HashMap<>();
        Map<List<Object>, Long> both = new HashMap<>();
        for (int i = 0; i < one.size(); i++) {
            ones.merge(one.get(i), 1L, Long::sum);
            others.merge(other.get(i), 1L, Long::sum);
            both.merge(List.of(one.get(i), other.get(i)), 1L, Long::sum);
        }
        double together = pairs(both);
        double a = pairs(ones);
        double b = pairs(others);
        double all = pairs(one.size());
        double expected = all == 0 ? 0 : a * b / all;
        double most = (a + b) / 2;
        return most == expected ? 1 : (together - expected) / (most - expected);
    }

    private static double pairs(Map<?, Long> counts) {
        return counts.values().stream().mapToDouble(AdjustedRand::pairs).sum();
    }

    private static double pairs(long things) {
        return things * (things - 1) / 2.0;
    }
}
