package dev.hone.record;

/**
 * A conversation as a model sees it, and what of it the model is to learn. Made by the chat encoder of {@code model},
 * consumed by supervised fine-tuning.
 *
 * @param tokens ids of the whole text, from the first turn to the assistant's last
 * @param trained for each token whether the model learns to produce it: the assistant's turns with the token that ends
 *     each, nothing of the others
 * @param lastTurnOnly whether turns of the assistant before its last are left untrained, because the template writes them
 *     otherwise once the conversation has gone on
 */
public record TokenizedChat(int[] tokens, boolean[] trained, boolean lastTurnOnly) {
    public TokenizedChat {
        if (tokens.length != trained.length) {
            throw new IllegalArgumentException(
                    "A chat has [%d] tokens but a mask of [%d]".formatted(tokens.length, trained.length));
        }
    }

    /** Number of tokens that are trained. */
    public int trainedTokens() {
        int count = 0;
        for (boolean token : trained) {
            if (token) {
                count++;
            }
        }
        return count;
    }
}
