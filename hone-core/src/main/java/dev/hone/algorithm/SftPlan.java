package dev.hone.algorithm;

import dev.hone.record.AdamParams;

/**
 * What decides the course of supervised fine-tuning, apart from the data and the model.
 *
 * @param epochs passes over the data; a fraction ends within one
 * @param learningRate highest rate
 * @param schedule how it moves
 * @param warmup share of all steps over which it rises, in [0, 1)
 * @param batchTokens tokens of an optimiser step, about: an epoch is cut into as many nearly equal batches as it takes
 * @param weightDecay of AdamW
 * @param maxGradientNorm above which gradients are scaled down; 0 means no clipping
 * @param seed of the order of examples
 */
public record SftPlan(
        double epochs,
        double learningRate,
        Schedule schedule,
        double warmup,
        int batchTokens,
        double weightDecay,
        double maxGradientNorm,
        long seed) {
    private static final int MOST_EPOCHS = 10_000;

    public SftPlan {
        if (!(epochs > 0 && epochs <= MOST_EPOCHS)) {
            throw new IllegalArgumentException(
                    "epochs must be above 0 and at most %d, not [%s]".formatted(MOST_EPOCHS, epochs));
        }
        if (!(learningRate > 0 && learningRate < 1)) {
            throw new IllegalArgumentException("lr must be above 0 and below 1, not [" + learningRate + "]");
        }
        if (!(warmup >= 0 && warmup < 1)) {
            throw new IllegalArgumentException("warmup must be a share of the steps in [0, 1), not [" + warmup + "]");
        }
        if (batchTokens < 1) {
            throw new IllegalArgumentException("batch-tokens must be at least 1, not [" + batchTokens + "]");
        }
        if (!(weightDecay >= 0 && weightDecay <= 1)) {
            throw new IllegalArgumentException("weight-decay must be between 0 and 1, not [" + weightDecay + "]");
        }
        if (!(maxGradientNorm >= 0 && maxGradientNorm < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "max-gradient-norm must be 0 (no clipping) or more, not [" + maxGradientNorm + "]");
        }
    }

    /** AdamW's parameters at a step, counted from 0. */
    AdamParams adam(long step, long steps) {
        double rate = learningRate * schedule.factor(step, Math.round(warmup * steps), steps);
        return new AdamParams(rate, 0.9, 0.999, 1e-8, weightDecay, maxGradientNorm);
    }
}
