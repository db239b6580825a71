package dev.hone.algorithm;

import java.util.Collection;

/**
 * Some values in figures.
 *
 * @param mean of the values
 * @param deviation from the mean, with n
 * @param least of them
 * @param most of them
 */
public record Spread(double mean, double deviation, double least, double most) {
    /** Of nothing: all figures are 0. */
    public static final Spread NONE = new Spread(0, 0, 0, 0);

    static Spread of(Collection<Double> values) {
        if (values.isEmpty()) {
            return NONE;
        }
        double sum = 0;
        double squares = 0;
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (double value : values) {
            sum += value;
            squares += value * value;
            least = Math.min(least, value);
            most = Math.max(most, value);
        }
        double mean = sum / values.size();
        return new Spread(mean, Math.sqrt(Math.max(0, squares / values.size() - mean * mean)), least, most);
    }
}
