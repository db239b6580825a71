package dev.hone.algorithm;

import dev.hone.record.TrainingClient.Sharing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
     * @param advantages of those that were judged, before a reference costs
     * @param drift of the trainer from the sampler, before the optimiser step
     * @param klToReference estimate of KL(sampler ‖ reference) a token, in nats; 0 without a reference
     * @param loss summed and scaled
     * @param gradientNorm before clipping
     * @param clipped trained tokens whose slope is 0
     * @param learningRate of this step
     * @param sharing whether the trainer computes the same whether beginnings are computed once or not; null where that was not
     *     looked at
     * @param sampling wall time
     * @param training wall time
     * @param checkpoint wall time of the checkpoint that was left just before the step; 0 where none was
     */
    record Step(
            long step,
            long steps,
            Rewards rewards,
            Spread advantages,
            Drift drift,
            double klToReference,
            double loss,
            double gradientNorm,
            Clipped clipped,
            double learningRate,
            @Nullable Sharing sharing,
            Duration sampling,
            Duration training,
            Duration checkpoint) {
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
