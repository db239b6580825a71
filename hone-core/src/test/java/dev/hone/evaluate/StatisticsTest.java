package dev.hone.evaluate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against scipy: {@code goldens/statistics/make.py}. */
class StatisticsTest {
    @ParameterizedTest
    @CsvSource({
        "0, 10, 0, 0.27753279986288926",
        "3, 10, 0.10779126740630102, 0.6032218525388546",
        "82, 165, 0.42162138154095286, 0.5724559025160276",
        "165, 165, 0.9772481305982219, 1"
    })
    void wilson(int successes, int trials, double low, double high) {
        Interval interval = Interval.wilson(successes, trials);
        assertEquals((double) successes / trials, interval.value());
        assertEquals(low, interval.low(), 1e-12);
        assertEquals(high, interval.high(), 1e-12);
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 1", "5, 0, 0.0625", "12, 4, 0.076812744140625", "30, 30, 1", "84, 40, 9.647810477888551e-05"})
    void mcNemar(int wins, int losses, double p) {
        double[] a = new double[200];
        double[] b = new double[200];
        Arrays.fill(a, 0, wins, 1);
        Arrays.fill(b, wins, wins + losses, 1);
        PairedComparison comparison = PairedComparison.of(a, b, 1);
        assertEquals(p, comparison.p(), 1e-12);
        assertEquals((wins - losses) / 200.0, comparison.difference().value(), 1e-12);
    }

    @Test
    void signFlipAndBootstrap() {
        double[] a = {1, 1, 0, 1, 0.5, 0.25, 1, 0, 0.75, 1};
        double[] b = {0, 1, 0, 0.5, 0.5, 0, 1, 0.25, 0.5, 0};
        PairedComparison comparison = PairedComparison.of(a, b, 1);
        assertEquals(0.275, comparison.difference().value(), 1e-12);
        assertEquals(0.05, comparison.difference().low(), 0.025);
        assertEquals(0.55, comparison.difference().high(), 0.025);
        assertEquals(0.125, comparison.p(), 0.015);
    }

    @Test
    void quantilesInterpolate() {
        double[] sorted = {0.2, 1.5, 4.4, 4.4, 7.0, 9.1};
        assertEquals(2.225, Report.quantile(sorted, 0.25), 1e-12);
        assertEquals(8.575, Report.quantile(sorted, 0.95), 1e-12);
        assertEquals(9.1, Report.quantile(sorted, 1));
        assertEquals(3, Report.quantile(new double[] {3}, 0.5));
    }

    @Test
    void theBootstrapIntervalCoversTheTruth() {
        Random random = new Random(5);
        int covered = 0;
        int simulations = 300;
        for (int i = 0; i < simulations; i++) {
            double[] values = random.doubles(60, 0, 1).toArray();
            Interval interval = PairedComparison.bootstrapMean(values, i);
            covered += interval.low() <= 0.5 && 0.5 <= interval.high() ? 1 : 0;
        }
        // 95 % less what the percentile bootstrap loses at 60 values, less three standard errors of 300 simulations.
        assertTrue(covered >= 0.90 * simulations && covered < simulations, covered + " of " + simulations);
    }

    @Test
    void refusesWhatIsNotPaired() {
        assertThrows(IllegalArgumentException.class, () -> PairedComparison.of(new double[2], new double[3], 1));
        assertThrows(IllegalArgumentException.class, () -> PairedComparison.of(new double[0], new double[0], 1));
        assertThrows(IllegalArgumentException.class, () -> Interval.wilson(3, 2));
    }

    /** 4 × 0.005; 3 × 0.01; 2 × 0.03; and 0.04, which may not be smaller than the one before. */
    @Test
    void holmCorrectsInOrder() {
        assertArrayEquals(
                new double[] {0.06, 0.06, 0.03, 0.02}, Holm.correct(new double[] {0.03, 0.04, 0.01, 0.005}), 1e-12);
        assertArrayEquals(new double[] {1, 1}, Holm.correct(new double[] {0.9, 0.6}), 1e-12);
        assertEquals(0, Holm.correct(new double[0]).length);
    }

    /** Connor's formula, against what simulated pairs find: McNemar's exact test is a little below its level. */
    @ParameterizedTest
    @CsvSource({"165, 0.3", "824, 0.3", "400, 0.1"})
    void whatIsDetectableIsFoundFourTimesInFive(int tasks, double discordant) {
        double difference = Power.detectable(tasks, discordant);
        SplittableRandom random = new SplittableRandom(5);
        int found = 0;
        int trials = 400;
        for (int trial = 0; trial < trials; trial++) {
            double[] differences = new double[tasks];
            for (int i = 0; i < tasks; i++) {
                double place = random.nextDouble();
                differences[i] = place >= discordant ? 0 : place < (discordant + difference) / 2 ? 1 : -1;
            }
            found += PairedComparison.mcNemar(differences) < 0.05 ? 1 : 0;
        }
        assertEquals(0.8, (double) found / trials, 0.08);
    }

    @Test
    void powerNeedsTasks() {
        assertEquals(0.1186, Power.detectable(165, 0.3), 5e-5);
        assertEquals(0.3, Power.detectable(3, 0.3));
        assertThrows(IllegalArgumentException.class, () -> Power.detectable(0, 0.3));
        assertThrows(IllegalArgumentException.class, () -> Power.detectable(10, 0));
    }
}
