package dev.hone.algorithm;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Hears how a run goes, on its thread. */
public interface GrpoListener {
    /** After each step. */
    void stepped(Step step, List<Rollouts> rollouts);

    /** After a checkpoint was saved. */
    default void saved(Path folder, long step) {}

    /**
     * One step: samples, rewards, an optimiser step where something was to be learned.
     *
     * @param step counted from 1
     * @param steps of the whole run
     * @param rewards of the samples
     * @param drift of the trainer from the sampler, before the optimiser step
     * @param klToReference estimate of KL(sampler ‖ reference) a token, in nats; 0 without a reference
     * @param loss summed and scaled
     * @param gradientNorm before clipping
     * @param clipped share of the trained tokens whose slope is 0
     * @param learningRate of this step
     * @param sampling wall time
     * @param training wall time
     */
    record Step(
            long step,
            long steps,
            Rewards rewards,
            Drift drift,
            double klToReference,
            double loss,
            double gradientNorm,
            double clipped,
            double learningRate,
            Duration sampling,
            Duration training) {
        /** What a person should look at, in words; empty when all is well. */
        public String alarm() {
            if (!drift.alarm().isEmpty()) {
                return drift.alarm();
            }
            return rewards.alike() == 1
                    ? "the answers to each task are all worth the same, so rewards teach nothing: the policy has collapsed, or the tasks are too easy or too hard"
                    : "";
        }
    }
}
