package dev.hone.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class DifferenceIntervalTest {
    private static final double Z = 1.959963984540054;

    /** The same by other means: the likelihood of a difference, searched for its highest place on a grid that becomes finer. */
    private static double bySearch(int wins, int losses, int tasks, double difference) {
        double low = Math.max(0, -difference);
        double high = (1 - difference) / 2;
        for (int round = 0; round < 12; round++) {
            double best = low;
            double most = Double.NEGATIVE_INFINITY;
            double step = (high - low) / 50;
            for (int i = 0; i <= 50; i++) {
                double share = low + i * step;
                double likelihood = times(losses, share)
                        + times(wins, share + difference)
                        + times(tasks - wins - losses, 1 - 2 * share - difference);
                if (likelihood > most) {
                    most = likelihood;
                    best = share;
                }
            }
            low = Math.max(low, best - step);
            high = Math.min(high, best + step);
        }
        double share = (low + high) / 2;
        return (wins - losses - tasks * difference)
                / Math.sqrt(tasks * (2 * share + difference - difference * difference));
    }

    private static double times(int count, double share) {
        return count == 0 ? 0 : count * Math.log(Math.max(share, 1e-300));
    }

    @Test
    void theEndsAreWhatAScoreTestJustDoesNotReject() {
        int[][] tables = {{12, 2, 50}, {43, 1, 44}, {0, 5, 30}, {7, 7, 14}, {1, 0, 200}, {30, 20, 400}};
        for (int[] table : tables) {
            Interval interval = DifferenceInterval.paired(table[0], table[1], table[2]);
            assertEquals(
                    Z,
                    bySearch(table[0], table[1], table[2], interval.low()),
                    1e-4,
                    table[0] + " " + table[1] + " " + table[2]);
            if (interval.high() < 1) {
                assertEquals(-Z, bySearch(table[0], table[1], table[2], interval.high()), 1e-4);
            }
            assertEquals((double) (table[0] - table[1]) / table[2], interval.value(), 1e-12);
        }
    }

    /** Of contenders that never differ: z² / (n + z²), Tango's example of 54 pairs. */
    @Test
    void whereNobodyDiffersTheWidthIsThatOfTheNumberOfTasks() {
        Interval interval = DifferenceInterval.paired(0, 0, 54);
        assertEquals(-0.0664, interval.low(), 5e-5);
        assertEquals(0.0664, interval.high(), 5e-5);
        assertEquals(Z * Z / (20 + Z * Z), DifferenceInterval.paired(0, 0, 20).high(), 1e-9);
        assertEquals(
                0,
                PairedComparison.of(new double[20], new double[20], 1)
                        .difference()
                        .high(),
                "resampling sees none");
    }

    @Test
    void whoAreExchangedAreTheSameTheOtherWayRound() {
        Interval one = DifferenceInterval.paired(9, 4, 60);
        Interval other = DifferenceInterval.paired(4, 9, 60);
        assertEquals(one.low(), -other.high(), 1e-9);
        assertEquals(one.high(), -other.low(), 1e-9);
        assertEquals(1, DifferenceInterval.paired(5, 0, 5).high(), 1e-9);
        assertEquals(-1, DifferenceInterval.paired(0, 5, 5).low(), 1e-9);
    }

    /** A version that is worse by the margin itself passes no more often than one in forty, give or take the chance of 4,000 tries. */
    @Test
    void aDifferenceAtItsLimitIsBelowTheLowerEndOnceInForty() {
        SplittableRandom random = new SplittableRandom(7);
        for (double[] truth :
                new double[][] {{0.05, 0.10, 150}, {0.01, 0.06, 100}, {0.2, 0.25, 400}, {0.0, 0.05, 60}}) {
            int above = 0;
            int byResampling = 0;
            int tries = 4_000;
            for (int i = 0; i < tries; i++) {
                int wins = 0;
                int losses = 0;
                for (int task = 0; task < truth[2]; task++) {
                    double at = random.nextDouble();
                    wins += at < truth[0] ? 1 : 0;
                    losses += at >= truth[0] && at < truth[0] + truth[1] ? 1 : 0;
                }
                above += DifferenceInterval.paired(wins, losses, (int) truth[2]).low() >= -0.05 - 1e-9 ? 1 : 0;
                byResampling += wins + losses == 0 ? 1 : 0;
            }
            assertTrue(above <= 0.04 * tries, truth[0] + " " + truth[1] + ": " + above);
            if (truth[2] == 60) {
                assertTrue(byResampling > 0.03 * tries, "an interval without width would pass " + byResampling);
            }
        }
    }

    @Test
    void sharesOfDifferentTasksAreComparedByTheirOwnIntervals() {
        Interval difference = DifferenceInterval.independent(Interval.wilson(56, 70), Interval.wilson(48, 80));
        assertEquals(0.2, difference.value(), 1e-12);
        assertEquals(0.0524, difference.low(), 5e-5, "Newcombe's example (a)");
        assertEquals(0.3339, difference.high(), 5e-5);
    }

    @Test
    void countsThatCannotBeAreRefused() {
        for (int[] table : new int[][] {{1, 0, 0}, {-1, 0, 5}, {3, 3, 5}}) {
            assertThrows(IllegalArgumentException.class, () -> DifferenceInterval.paired(table[0], table[1], table[2]));
        }
    }

    @Test
    void whatATestNeedsIsWhatItDetects() {
        for (double discordant : new double[] {0.05, 0.3, 1}) {
            for (int tasks : new int[] {100, 1_000, 20_000}) {
                double difference = Power.detectable(tasks, discordant);
                if (difference < discordant) {
                    assertEquals(tasks, Power.needed(difference, discordant), 1.01);
                }
            }
        }
        assertThrows(IllegalArgumentException.class, () -> Power.needed(0, 0.3));
    }
}
