package dev.hone.evaluate;

import java.util.function.DoubleUnaryOperator;

/**
 * 95 % intervals of the difference of two shares that do not become narrow where there is little to see, as resampling does: it gives an interval
 * without width where two contenders never differ, however few tasks there are.
 */
public final class DifferenceInterval {
    /** Two-sided 95 % quantile of the normal distribution. */
    private static final double Z = 1.959963984540054;

    private static final int HALVINGS = 60;

    private DifferenceInterval() {}

    /**
     * Of two contenders on the same tasks: the differences that a score test does not reject (Tango 1998, Statistics in Medicine 17, 891–908).
     *
     * @param wins tasks that the first alone has right
     * @param losses tasks that the second alone has right
     */
    public static Interval paired(int wins, int losses, int tasks) {
        if (tasks < 1 || wins < 0 || losses < 0 || wins + losses > tasks) {
            throw new IllegalArgumentException(
                    "[%d] wins and [%d] losses on [%d] tasks".formatted(wins, losses, tasks));
        }
        double estimate = (double) (wins - losses) / tasks;
        DoubleUnaryOperator score = difference -> score(wins, losses, tasks, difference);
        return new Interval(estimate, end(score, estimate, -1, Z), end(score, estimate, 1, -Z));
    }

    /** How many standard errors lie between what was seen and a difference, as these would be were it true; falls as the difference grows. */
    private static double score(double wins, double losses, double n, double difference) {
        double a = 2 * n;
        double b = -wins - losses + (2 * n - wins + losses) * difference;
        double c = -losses * difference * (1 - difference);
        // The most likely share of losses.
        double share = (Math.sqrt(Math.max(0, b * b - 4 * a * c)) - b) / (2 * a);
        double variance = n * (2 * share + difference * (1 - difference));
        double distance = wins - losses - n * difference;
        return variance <= 0 ? Math.signum(distance) * Double.MAX_VALUE : distance / Math.sqrt(variance);
    }

    private static double end(DoubleUnaryOperator score, double estimate, double farthest, double rejected) {
        double within = estimate;
        double beyond = farthest;
        if (Math.abs(score.applyAsDouble(beyond)) < Math.abs(rejected)) {
            return beyond;
        }
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (within + beyond) / 2;
            if (Math.abs(score.applyAsDouble(middle)) < Math.abs(rejected)) {
                within = middle;
            } else {
                beyond = middle;
            }
        }
        return (within + beyond) / 2;
    }

    /**
     * Of two shares with Wilson's intervals, on tasks that need not be the same (Newcombe 1998, Statistics in Medicine 17, 873–890, method 10); wider than it need
     * be where they are, and both are right on the same ones.
     */
    public static Interval independent(Interval first, Interval second) {
        double estimate = first.value() - second.value();
        return new Interval(
                estimate,
                estimate - Math.hypot(first.value() - first.low(), second.high() - second.value()),
                estimate + Math.hypot(first.high() - first.value(), second.value() - second.low()));
    }
}
