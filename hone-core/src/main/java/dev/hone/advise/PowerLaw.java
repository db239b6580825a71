package dev.hone.advise;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How volume falls with rank: the use case of rank r has about r<sup>−exponent</sup> of the first one's calls. Fitted by least squares of
 * ln(rank − 1/2) on ln(volume), whose slope is −1/exponent and has the standard error |slope| · √(2/n) (Gabaix and Ibragimov, "Rank − 1/2: a
 * simple way to improve the OLS estimation of tail exponents", 2011).
 *
 * @param useCases how many it is fitted to
 * @param low lower end of the exponent's 95 % interval
 * @param high its upper end; null where so few use cases bound nothing
 * @param first share of all calls that the largest has
 */
public record PowerLaw(
        int useCases, double exponent, double low, @Nullable Double high, double first) {
    private static final int LEAST = 3;
    private static final double Z = 1.959963984540054;

    /** Null where there are fewer than {@value #LEAST} use cases with calls, or all are of one size. */
    public static @Nullable PowerLaw of(List<Double> volumes) {
        List<Double> sorted = volumes.stream()
                .filter(volume -> volume > 0)
                .sorted(Comparator.reverseOrder())
                .toList();
        int n = sorted.size();
        if (n < LEAST) {
            return null;
        }
        double meanX = 0;
        double meanY = 0;
        for (int i = 0; i < n; i++) {
            meanX += Math.log(sorted.get(i)) / n;
            meanY += Math.log(i + 0.5) / n;
        }
        double xx = 0;
        double xy = 0;
        for (int i = 0; i < n; i++) {
            double x = Math.log(sorted.get(i)) - meanX;
            xx += x * x;
            xy += x * (Math.log(i + 0.5) - meanY);
        }
        double slope = -xy / xx;
        if (!(xx > 1e-12) || !(slope > 0)) {
            return null;
        }
        double error = Z * slope * Math.sqrt(2.0 / n);
        double all = sorted.stream().mapToDouble(Double::doubleValue).sum();
        return new PowerLaw(
                n, 1 / slope, 1 / (slope + error), slope > error ? 1 / (slope - error) : null, sorted.getFirst() / all);
    }
}
