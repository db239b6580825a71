package dev.hone.record;

import java.util.List;

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

    /** Logarithm of its probability as a whole. */
    public double logprob() {
        double sum = 0;
        for (float token : logprobs) {
            sum += token;
        }
        return sum;
    }

    /**
     * The first of those that are complete and have the greatest probability as a whole; the first where none is complete.
     *
     * @param candidates at least one, of one request
     */
    public static Sample mostProbable(List<Sample> candidates) {
        Sample best = candidates.getFirst();
        double most = Double.NEGATIVE_INFINITY;
        for (Sample one : candidates) {
            if (one.stopReason() != StopReason.LENGTH && one.logprob() > most) {
                best = one;
                most = one.logprob();
            }
        }
        return best;
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
