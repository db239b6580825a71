package dev.hone.record;

/**
 * How the targets of a {@link Datum} came about. Made by {@code algorithm} from samples and their rewards; read by losses.
 * Both arrays have a value a position, or none for demonstrations.
 *
 * @param behaviour log-probability of each target where it was drawn, natural logarithm, after temperature
 * @param advantages how much better each target was than expected
 * @param temperature what logits are divided by before probabilities are made of them, above 0
 */
public record Draw(float[] behaviour, float[] advantages, double temperature) {
    /** Of what a person wrote. */
    public static final Draw DEMONSTRATED = new Draw(new float[0], new float[0], 1);

    public Draw {
        if (behaviour.length != advantages.length) {
            throw new IllegalArgumentException("A draw has [%d] log-probabilities but [%d] advantages"
                    .formatted(behaviour.length, advantages.length));
        }
        if (!(temperature > 0 && temperature < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "The temperature of trained tokens must be above 0, not [" + temperature + "]");
        }
    }

    /** Whether it says how the targets were drawn. */
    public boolean known() {
        return behaviour.length > 0;
    }
}
