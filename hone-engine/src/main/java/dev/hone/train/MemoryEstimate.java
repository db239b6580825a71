package dev.hone.train;

import dev.hone.model.ModelConfig;
import dev.hone.record.SamplingMode;

/**
 * Resident memory that a worker will need at its peak, in bytes, from shapes alone: so that a model that will not fit is
 * refused before it is loaded. Errs upwards by up to a third.
 */
public final class MemoryEstimate {
    /** The virtual machine, libtorch's libraries, and what the allocator keeps. */
    private static final long PROCESS = 700L << 20;

    private static final int HEAD_CHUNK = 256;

    private MemoryEstimate() {}

    /**
     * For training.
     *
     * @param longest positions of the longest sequence: it is computed whole, whatever the micro-batch
     * @param step positions of the largest step, about: a micro-batch has no more
     */
    public static long training(ModelConfig config, TrainerSpec spec, int longest, long step) {
        long tokens = Math.max(Math.min(spec.microBatchTokens(), step), longest);
        return PROCESS + Float.BYTES * (weights(config, spec) + activations(config, spec, tokens));
    }

    /**
     * For generating.
     *
     * @param rows samples in flight
     * @param positions of each, prompt and answer
     */
    public static long sampling(ModelConfig config, SamplingMode mode, int rows, int positions) {
        long bytesOfWeight = switch (mode) {
            case EXACT -> Float.BYTES;
            case FAST -> 1;
        };
        long cached = 2L * config.layers() * config.keyValueWidth() * rows * positions;
        long scores = 3L * rows * config.vocabulary();
        return PROCESS + Float.BYTES * (config.parameters() + cached + scores) + bytesOfWeight * linear(config);
    }

    private static long weights(ModelConfig config, TrainerSpec spec) {
        return switch (spec.adaptation()) {
            // The weights, and each linear layer packed in both directions; an adapter has gradient and two moments.
            case Adaptation.Lora lora ->
                config.parameters() + packed(config, spec.precision()) + 4 * adapter(config, lora.rank());
            // The weights as loaded, and values, gradients and two moments of their own.
            case Adaptation.Full() -> 5 * config.parameters();
        };
    }

    private static long packed(ModelConfig config, Precision precision) {
        return switch (precision) {
            case FP32 -> 2 * linear(config);
            // The head's scores stay in fp32.
            case BF16 -> config.linearWeights() + 3 * config.headWeights() / 2;
        };
    }

    private static long linear(ModelConfig config) {
        return config.linearWeights() + config.headWeights();
    }

    /** Number of trained values under an adaptation. */
    public static long trained(ModelConfig config, Adaptation adaptation) {
        return switch (adaptation) {
            case Adaptation.Lora lora -> adapter(config, lora.rank());
            case Adaptation.Full() -> config.parameters();
        };
    }

    private static long adapter(ModelConfig config, int rank) {
        long queryKeyValue = 3L * config.hidden() + config.queryWidth() + 2L * config.keyValueWidth();
        long output = (long) config.queryWidth() + config.hidden();
        long feedForward = 3L * (config.hidden() + config.feedForward());
        return config.layers() * rank * (queryKeyValue + output + feedForward);
    }

    /** Floats that a backward pass needs again, and the largest that live for a moment. */
    private static long activations(ModelConfig config, TrainerSpec spec, long tokens) {
        long block = 5L * config.hidden()
                + 2L * (config.queryWidth() + 2L * config.keyValueWidth())
                + config.queryWidth()
                + 4L * config.feedForward();
        long kept = spec.checkpointing()
                ? config.layers() * (long) config.hidden() + 2 * block
                : (config.layers() + 1) * block;
        long head = 3L * Math.min(HEAD_CHUNK, tokens) * config.vocabulary();
        return tokens * kept + head;
    }
}
