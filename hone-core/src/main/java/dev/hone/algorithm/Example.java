package dev.hone.algorithm;

/**
 * One demonstration, token-native. Made from a chat by the tokenizer and its template; consumed by {@link Sft}.
 *
 * @param tokens ids of the whole text
 * @param trained for each token whether the model learns to produce it
 */
public record Example(int[] tokens, boolean[] trained) {
    public Example {
        if (tokens.length != trained.length) {
            throw new IllegalArgumentException(
                    "An example has [%d] tokens but a mask of [%d]".formatted(tokens.length, trained.length));
        }
    }
}
