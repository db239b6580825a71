package dev.hone.evaluate;

import org.apache.commons.statistics.distribution.NormalDistribution;

/** What a comparison of two contenders on the same tasks can see. */
public final class Power {
    private static final double LEVEL = 0.05;
    private static final double POWER = 0.8;

    private Power() {}

    /**
     * How many tasks it takes to find a true difference: n of {@link #detectable}.
     *
     * @param difference d, in (0, 1)
     * @param discordant ψ, in (0, 1]; d at least
     */
    public static long needed(double difference, double discordant) {
        if (!(difference > 0 && difference < 1 && discordant > 0 && discordant <= 1)) {
            throw new IllegalArgumentException(
                    "Power needs a difference in (0, 1) and a share in (0, 1], not [%s] and [%s]"
                            .formatted(difference, discordant));
        }
        double share = Math.max(difference, discordant);
        NormalDistribution normal = NormalDistribution.of(0, 1);
        double needed = normal.inverseCumulativeProbability(1 - LEVEL / 2) * Math.sqrt(share)
                + normal.inverseCumulativeProbability(POWER) * Math.sqrt(Math.max(0, share - difference * difference));
        return (long) Math.ceil(needed * needed / (difference * difference));
    }

    /**
     * The smallest true difference in the share of right answers that a two-sided paired test at {@value #LEVEL} finds with
     * probability {@value #POWER}: d in {@code n = (z·√ψ + z'·√(ψ − d²))² / d²} (Connor 1987).
     *
     * @param tasks n
     * @param discordant ψ, in (0, 1]: share of the tasks on which exactly one contender is right
     * @return ψ at most: where even that could not be found, ψ
     */
    public static double detectable(int tasks, double discordant) {
        if (tasks < 1 || !(discordant > 0 && discordant <= 1)) {
            throw new IllegalArgumentException(
                    "Power needs tasks and a share of them in (0, 1], not [%d] and [%s]".formatted(tasks, discordant));
        }
        NormalDistribution normal = NormalDistribution.of(0, 1);
        double level = normal.inverseCumulativeProbability(1 - LEVEL / 2);
        double power = normal.inverseCumulativeProbability(POWER);
        double low = 0;
        double high = discordant;
        for (int i = 0; i < 60; i++) {
            double difference = (low + high) / 2;
            double needed = level * Math.sqrt(discordant)
                    + power * Math.sqrt(Math.max(0, discordant - difference * difference));
            if (needed > difference * Math.sqrt(tasks)) {
                low = difference;
            } else {
                high = difference;
            }
        }
        return high;
    }
}
