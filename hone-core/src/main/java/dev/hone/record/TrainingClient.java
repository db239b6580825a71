package dev.hone.record;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * One model being trained, wherever it is: in this process, in a worker process, or in a remote service. Calls are made
 * by one thread at a time and take effect in their order.
 */
public interface TrainingClient extends AutoCloseable {

    /** Log-probabilities of the targets at the positions with non-zero weight, without gradients. */
    Forward forward(List<Datum> data);

    /** Adds the gradient of the summed loss to the accumulated gradients. */
    Backward forwardBackward(List<Datum> data, Loss loss);

    /**
     * Compares what beginnings in common computed once give with what the same sequences give one by one. Leaves no trace, and is
     * asked where no gradient waits for its step.
     */
    Sharing sharing(List<Datum> data);

    /** Applies the accumulated gradients with AdamW, and clears them. */
    OptimStep optimStep(AdamParams params);

    /** An immutable sampler of the current weights. The caller closes it. */
    Snapshot snapshot(SamplingMode mode);

    /**
     * Writes weights, optimiser state and random state, so that {@link #load} continues bit-equal. The folder appears
     * whole or not at all.
     */
    Checkpoint save(Path folder);

    /** Restores what {@link #save} wrote. */
    void load(Checkpoint checkpoint);

    /** Writes the trained weights in the field's formats: a PEFT adapter for LoRA, safetensors for full fine-tuning. */
    void export(Path folder);

    @Override
    void close();

    /**
     * Answer of {@link #forward}.
     *
     * @param logprobs for each datum one value a position, natural logarithm; 0 where the weight is 0
     */
    record Forward(List<float[]> logprobs) {}

    /**
     * Answer of {@link #forwardBackward}.
     *
     * @param loss the summed, weighted loss of the batch
     * @param logprobs as in {@link Forward}
     * @param metrics named figures of the loss, e.g. {@code tokens}
     */
    record Backward(double loss, List<float[]> logprobs, Map<String, Double> metrics) {}

    /**
     * Answer of {@link #sharing}.
     *
     * @param logprobs largest difference of a trained position's log-probability, in nats
     * @param gradient L2 norm of the difference of both gradients, over that of the one that is shared
     * @param tolerance most of either that rounding explains
     */
    record Sharing(double logprobs, double gradient, double tolerance) {
        /** Whether both are the same but for rounding; never where one of them is no number. */
        public boolean holds() {
            return logprobs <= tolerance && gradient <= tolerance;
        }
    }

    /**
     * Answer of {@link #optimStep}.
     *
     * @param step number of steps taken so far, this one included
     * @param gradientNorm global L2 norm of the gradients before clipping
     */
    record OptimStep(long step, double gradientNorm) {}

    /**
     * A saved training state.
     *
     * @param folder where it is
     * @param step number of optimiser steps it has seen
     */
    record Checkpoint(Path folder, long step) {}
}
