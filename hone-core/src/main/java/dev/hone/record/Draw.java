package dev.hone.record;

import java.util.List;

/**
 * How the targets of a {@link Datum} came about. Made by {@code algorithm} from samples and their rewards; read by losses.
 * Both arrays have a value a position, or none for demonstrations.
 *
 * @param behaviour log-probability of each target where it was drawn, natural logarithm, after temperature
 * @param advantages how much better each target was than expected
 * @param temperature what logits are divided by before probabilities are made of them, above 0
 * @param constraint what the trained targets, read one after the other, had to be
 * @param ends tokens that could come where the constraint was fulfilled
 */
public record Draw(
        float[] behaviour, float[] advantages, double temperature, Constraint constraint, List<Integer> ends) {
    /** Of what a person wrote. */
    public static final Draw DEMONSTRATED = new Draw(new float[0], new float[0], 1);

    /** Of any text. */
    public Draw(float[] behaviour, float[] advantages, double temperature) {
        this(behaviour, advantages, temperature, new Constraint.None(), List.of());
    }

    public Draw {
        ends = List.copyOf(ends);
        if (behaviour.length != advantages.length) {
            throw new IllegalArgumentException("A draw has [%d] log-probabilities but [%d] advantages"
                    .formatted(behaviour.length, advantages.length));
        }
        if (!(temperature > 0 && temperature < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "The temperature of trained tokens must be above 0, not [" + temperature + "]");
        }
    }

    /** The same, with other log-probabilities. */
    public Draw withBehaviour(float[] logprobs) {
        return new Draw(logprobs, advantages, temperature, constraint, ends);
    }

    /** The same, with other advantages. */
    public Draw withAdvantages(float[] values) {
        return new Draw(behaviour, values, temperature, constraint, ends);
    }

    /** Whether it says how the targets were drawn. */
    public boolean known() {
        return behaviour.length > 0;
    }
}
