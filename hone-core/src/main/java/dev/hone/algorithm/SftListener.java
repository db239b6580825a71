package dev.hone.algorithm;

import java.nio.file.Path;
import java.time.Duration;

/** Hears how a run goes, on its thread. */
public interface SftListener {
    /** After each optimiser step. */
    void stepped(Step step);

    /** After a checkpoint was saved. */
    default void saved(Path folder, long step) {}

    /**
     * One optimiser step.
     *
     * @param step counted from 1
     * @param steps of the whole run
     * @param epoch counted from 1
     * @param loss mean negative log-likelihood of the batch's trained tokens, in nats
     * @param gradientNorm before clipping
     * @param learningRate of this step
     * @param tokens positions of this step
     * @param trainedTokens of them with loss
     * @param elapsed wall time of this step
     */
    record Step(
            long step,
            long steps,
            int epoch,
            double loss,
            double gradientNorm,
            double learningRate,
            long tokens,
            long trainedTokens,
            Duration elapsed) {}
}
