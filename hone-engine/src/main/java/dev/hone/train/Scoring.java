package dev.hone.train;

import dev.hone.sample.ConstraintMasks;
import java.util.BitSet;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What is done to the logits of the trained positions before probabilities are made of them: what the sampler did. N =
 * trained positions.
 *
 * @param temperatures what they are divided by, or null where that is 1. Shape: (N, 1)
 * @param allowed for each position what could be drawn, null where anything could; empty where that is everywhere
 */
record Scoring(@Nullable Tensor temperatures, List<@Nullable BitSet> allowed) {

    /**
     * Changes the logits of some positions in place.
     *
     * @param start the first of them
     * @param logits Shape: (C, V)
     */
    void adjust(int start, Tensor logits) {
        Tensor divisors = temperatures(start, logits.size(0));
        if (divisors != null) {
            logits.div_(divisors);
        }
        if (!allowed.isEmpty()) {
            ConstraintMasks.apply(logits, allowed.subList(start, start + (int) logits.size(0)));
        }
    }

    /** Those of some positions, or null where they are 1. Shape: (C, 1) */
    @Nullable
    Tensor temperatures(int start, long rows) {
        return temperatures == null ? null : temperatures.narrow(0, start, rows);
    }
}
