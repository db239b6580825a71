package dev.hone.model;

/**
 * The shape of a decoder-only transformer: everything that distinguishes the supported families. Read from a model folder
 * or a GGUF header; consumed by the forward pass.
 *
 * @param architecture name of the family, for messages
 * @param vocabulary number of token ids
 * @param hidden width of the residual stream
 * @param layers number of blocks
 * @param heads query heads
 * @param keyValueHeads key and value heads; divides {@code heads}
 * @param headSize width of a head
 * @param feedForward inner width of the gated MLP
 * @param maxPositions longest sequence that the model was made for
 * @param epsilon of the RMS norms
 * @param rope rotary position embedding
 * @param tiedHead whether the output head is the embedding matrix
 * @param attentionBias whether query, key and value projections have a bias (Qwen2)
 * @param queryKeyNorm whether each query and key head is RMS-normalised before the rotation (Qwen3)
 */
public record ModelConfig(
        Architecture architecture,
        int vocabulary,
        int hidden,
        int layers,
        int heads,
        int keyValueHeads,
        int headSize,
        int feedForward,
        int maxPositions,
        double epsilon,
        Rope rope,
        boolean tiedHead,
        boolean attentionBias,
        boolean queryKeyNorm) {

    /** The supported families. */
    public enum Architecture {
        LLAMA,
        QWEN2,
        QWEN3
    }

    /**
     * Rotary position embedding.
     *
     * @param theta base of the frequencies
     * @param scaling how frequencies are stretched for longer contexts
     */
    public record Rope(double theta, Scaling scaling) {
        public Rope {
            if (!(theta > 0 && theta < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("The rotary base cannot be [" + theta + "]");
            }
        }
    }

    /** How rotary frequencies are stretched. */
    public sealed interface Scaling {
        /** Not at all. */
        record None() implements Scaling {}

        /** Llama 3's piecewise interpolation. */
        record Llama3(double factor, double lowFrequencyFactor, double highFrequencyFactor, int originalPositions)
                implements Scaling {
            public Llama3 {
                boolean valid = factor >= 1
                        && factor < Double.POSITIVE_INFINITY
                        && lowFrequencyFactor > 0
                        && highFrequencyFactor > lowFrequencyFactor
                        && highFrequencyFactor < Double.POSITIVE_INFINITY
                        && originalPositions > 0;
                if (!valid) {
                    throw new IllegalArgumentException(
                            "Rotary scaling cannot have factor [%s], frequency factors [%s] to [%s], [%d] positions"
                                    .formatted(factor, lowFrequencyFactor, highFrequencyFactor, originalPositions));
                }
            }
        }
    }

    /** Largest size of anything: keeps every product of sizes within 64 bits. */
    private static final int LARGEST = 1 << 24;

    private static final int MOST_LAYERS = 1 << 10;

    public ModelConfig {
        requireSize("vocabulary", vocabulary, LARGEST);
        requireSize("hidden size", hidden, LARGEST);
        requireSize("number of layers", layers, MOST_LAYERS);
        requireSize("number of heads", heads, LARGEST);
        requireSize("head size", headSize, LARGEST);
        requireSize("width of all heads", (long) heads * headSize, LARGEST);
        requireSize("feed-forward size", feedForward, LARGEST);
        requireSize("number of positions", maxPositions, LARGEST);
        if (!(epsilon > 0 && epsilon < 1)) {
            throw new IllegalArgumentException("The epsilon of the norms cannot be [" + epsilon + "]");
        }
        if (keyValueHeads < 1 || heads % keyValueHeads != 0) {
            throw new IllegalArgumentException(
                    "[%d] query heads cannot share [%d] key-value heads".formatted(heads, keyValueHeads));
        }
        if (headSize % 2 != 0) {
            throw new IllegalArgumentException("A rotary head needs an even size, not [" + headSize + "]");
        }
    }

    private static void requireSize(String what, long size, int most) {
        if (size < 1 || size > most) {
            throw new IllegalArgumentException("The %s cannot be [%d]: 1 to %d".formatted(what, size, most));
        }
    }

    /** Width of all query heads together. */
    public int queryWidth() {
        return heads * headSize;
    }

    /** Width of all key (or value) heads together. */
    public int keyValueWidth() {
        return keyValueHeads * headSize;
    }

    /** Number of weights, a tied head counted once. */
    public long parameters() {
        long block = (long) hidden * (queryWidth() + 2L * keyValueWidth())
                + (attentionBias ? queryWidth() + 2L * keyValueWidth() : 0)
                + (queryKeyNorm ? 2L * headSize : 0)
                + (long) queryWidth() * hidden
                + 3L * hidden * feedForward
                + 2L * hidden;
        return (tiedHead ? 1L : 2L) * vocabulary * hidden + layers * block + hidden;
    }

    /** Number of weights of the blocks' linear layers, which every position is multiplied with. */
    public long linearWeights() {
        return layers * ((long) hidden * (2L * queryWidth() + 2L * keyValueWidth()) + 3L * hidden * feedForward);
    }

    /** Number of weights of the head, which every scored position is multiplied with. */
    public long headWeights() {
        return (long) vocabulary * hidden;
    }
}
