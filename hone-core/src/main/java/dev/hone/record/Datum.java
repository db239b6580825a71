package dev.hone.record;

/**
 * One training sequence: everything that a loss needs. Made by {@code algorithm}, consumed by a {@link TrainingClient}.
 *
 * <p>All arrays have the same length, the number of positions. {@code targets[i]} is the token that position {@code i}
 * should predict (for next-token training {@code targets[i] == sequence[i + 1]}).
 *
 * @param tokens input token ids
 * @param targets target token id of each position
 * @param weights weight of each position in the loss; 0 means "not trained", and the logits there are never computed.
 *     Losses are sums, so weights are scaled beforehand (for SFT by one over the number of trained tokens of the batch).
 * @param draw how the targets came about
 */
public record Datum(int[] tokens, int[] targets, float[] weights, Draw draw) {
    /** Of a demonstration. */
    public Datum(int[] tokens, int[] targets, float[] weights) {
        this(tokens, targets, weights, Draw.DEMONSTRATED);
    }

    public Datum {
        if (tokens.length == 0) {
            throw new IllegalArgumentException("A datum needs at least one token");
        }
        if (tokens.length != targets.length || tokens.length != weights.length) {
            throw new IllegalArgumentException(
                    "A datum's arrays differ in length: [%d] tokens, [%d] targets, [%d] weights"
                            .formatted(tokens.length, targets.length, weights.length));
        }
        if (draw.known() && draw.behaviour().length != tokens.length) {
            throw new IllegalArgumentException("A datum has [%d] tokens, but its draw has [%d] log-probabilities"
                    .formatted(tokens.length, draw.behaviour().length));
        }
    }

    /** Number of positions. */
    public int length() {
        return tokens.length;
    }

    /** Number of positions whose weight is not 0. */
    public int trained() {
        int count = 0;
        for (float weight : weights) {
            if (weight != 0) {
                count++;
            }
        }
        return count;
    }
}
