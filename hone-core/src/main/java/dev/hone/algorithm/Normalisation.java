package dev.hone.algorithm;

/** What the sum of a policy loss over all tokens of a batch is divided by. Samples that nobody could judge do not count. */
public enum Normalisation {
    /** Each sample by its own length, then all by their number: GRPO. Long wrong samples are punished less a token. */
    SEQUENCE {
        @Override
        double weight(int length, long samples, long tokens, int maxTokens) {
            return 1.0 / ((double) samples * length);
        }
    },
    /** The number of all tokens: DAPO. */
    TOKENS {
        @Override
        double weight(int length, long samples, long tokens, int maxTokens) {
            return 1.0 / tokens;
        }
    },
    /** The number of samples times the most tokens that one may have: Dr.GRPO. */
    CONSTANT {
        @Override
        double weight(int length, long samples, long tokens, int maxTokens) {
            return 1.0 / ((double) samples * maxTokens);
        }
    };

    /** Weight of each token of a sample. */
    abstract double weight(int length, long samples, long tokens, int maxTokens);
}
