package dev.hone.record;

/**
 * One generated continuation, token-native.
 *
 * @param tokens generated ids, the end token included
 * @param logprobs of each token under the distribution it was drawn from before top-k, top-p and min-p, after temperature
 *     (at temperature 0: of the plain distribution); natural logarithm
 * @param stopReason why it ended
 */
public record Sample(int[] tokens, float[] logprobs, StopReason stopReason) {
    public Sample {
        if (tokens.length != logprobs.length) {
            throw new IllegalArgumentException(
                    "A sample has [%d] tokens but [%d] logprobs".formatted(tokens.length, logprobs.length));
        }
    }

    /** Why a sample ended. */
    public enum StopReason {
        /** An end token. */
        END,
        /** A stop string. */
        STOP,
        /** The most tokens were reached, or the model's positions. */
        LENGTH
    }
}
