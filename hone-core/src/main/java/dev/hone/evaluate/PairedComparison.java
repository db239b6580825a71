package dev.hone.evaluate;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/**
 * Two contenders on the same tasks.
 *
 * @param difference mean of a minus mean of b, with its bootstrap interval
 * @param p two-sided: how likely a difference at least as large is if both are equally good
 */
public record PairedComparison(Interval difference, double p) {
    private static final int RESAMPLES = 10_000;
    private static final double TAIL = 0.025;

    /**
     * Compares scores, task by task. The interval is the percentile bootstrap over tasks (Efron 1979); p is McNemar's exact
     * test where all scores are 0 or 1, and a sign-flip permutation test otherwise.
     */
    public static PairedComparison of(double[] a, double[] b, long seed) {
        if (a.length != b.length || a.length == 0) {
            throw new IllegalArgumentException(
                    "Paired scores need the same tasks: [%d] and [%d]".formatted(a.length, b.length));
        }
        double[] differences = new double[a.length];
        boolean binary = true;
        for (int i = 0; i < a.length; i++) {
            differences[i] = a[i] - b[i];
            binary &= (a[i] == 0 || a[i] == 1) && (b[i] == 0 || b[i] == 1);
        }
        Interval interval = bootstrapMean(differences, seed);
        return new PairedComparison(interval, binary ? mcNemar(differences) : signFlip(differences, seed));
    }

    /** Mean with its percentile-bootstrap interval. */
    static Interval bootstrapMean(double[] values, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] means = new double[RESAMPLES];
        for (int i = 0; i < RESAMPLES; i++) {
            double sum = 0;
            for (int j = 0; j < values.length; j++) {
                sum += values[random.nextInt(values.length)];
            }
            means[i] = sum / values.length;
        }
        Arrays.sort(means);
        return new Interval(
                Arrays.stream(values).average().orElseThrow(),
                means[(int) (TAIL * RESAMPLES)],
                means[(int) ((1 - TAIL) * RESAMPLES) - 1]);
    }

    /** Binomial test of the tasks on which exactly one is right. */
    static double mcNemar(double[] differences) {
        int wins = (int)
                Arrays.stream(differences).filter(difference -> difference > 0).count();
        int losses = (int)
                Arrays.stream(differences).filter(difference -> difference < 0).count();
        return mcNemar(wins, losses);
    }

    static double mcNemar(int wins, int losses) {
        if (wins + losses == 0) {
            return 1;
        }
        double tail = BinomialDistribution.of(wins + losses, 0.5).cumulativeProbability(Math.min(wins, losses));
        return Math.min(1, 2 * tail);
    }

    private static double signFlip(double[] differences, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double observed = Math.abs(Arrays.stream(differences).sum());
        int atLeast = 0;
        for (int i = 0; i < RESAMPLES; i++) {
            double sum = 0;
            for (double difference : differences) {
                sum += random.nextBoolean() ? difference : -difference;
            }
            if (Math.abs(sum) >= observed - 1e-12) {
                atLeast++;
            }
        }
        return (atLeast + 1.0) / (RESAMPLES + 1);
    }
}
