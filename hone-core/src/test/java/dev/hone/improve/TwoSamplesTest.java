package dev.hone.improve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.improve.TwoSamples.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class TwoSamplesTest {
    /** 2·(20 ln(10/15) + 40 ln(20/15)) by hand; its p is that of χ² with one degree of freedom. */
    @Test
    void countsByHand() {
        Result result = TwoSamples.counts(new int[] {10, 20}, new int[] {20, 10}, 1);
        assertEquals(6.7960, result.statistic(), 1e-4);
        assertEquals(0.00914, result.p(), 1e-5);
        assertEquals("G-test", result.test());
        assertEquals(
                1, TwoSamples.counts(new int[] {30, 30}, new int[] {15, 15}, 1).p(), 1e-9);
        assertEquals(1, TwoSamples.counts(new int[] {30}, new int[] {15}, 1).p());
        assertEquals(
                1, TwoSamples.counts(new int[] {0, 0}, new int[] {15, 1}, 1).p());
    }

    /** Of all 252 ways to divide, those as far apart as 5 and 0 are two. */
    @Test
    void fewAreHeldAgainstPermutations() {
        Result result = TwoSamples.counts(new int[] {5, 0}, new int[] {0, 5}, 1);
        assertEquals("G-test by permutation", result.test());
        assertEquals(2 / 252.0, result.p(), 0.006);
        assertEquals(result, TwoSamples.counts(new int[] {5, 0}, new int[] {0, 5}, 1));
    }

    /** The largest distance of 1, 2, 3, 4 and 3, 4, 5, 6 is 1/2. */
    @Test
    void numbersByHand() {
        assertEquals(
                0.5,
                TwoSamples.numbers(new double[] {1, 2, 3, 4}, new double[] {6, 5, 4, 3})
                        .statistic());
        assertEquals(
                0,
                TwoSamples.numbers(new double[] {1, 1, 2}, new double[] {2, 1, 1})
                        .statistic());
        double[] many = IntStream.range(0, 1_000).asDoubleStream().toArray();
        double[] moved = IntStream.range(0, 1_000).mapToDouble(i -> i + 100).toArray();
        // D = 0.1 of two times 1,000: sqrt(500) + … = 22.486 times 0.1; Q(2.2486) = 8.1e-5.
        assertEquals(8.1e-5, TwoSamples.numbers(many, moved).p(), 0.2e-5);
        assertEquals(1, TwoSamples.numbers(new double[0], moved).p());
    }

    private static List<float[]> around(double x, double y, int count, SplittableRandom random) {
        List<float[]> vectors = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            vectors.add(Vectors.unit(
                    new float[] {(float) (x + 0.3 * random.nextGaussian()), (float) (y + 0.3 * random.nextGaussian())
                    }));
        }
        return vectors;
    }

    /** Without a difference p is even: about a tenth of them are below a tenth; with one it is as small as it can be. */
    @Test
    void pOfPermutationsIsEven() {
        SplittableRandom random = new SplittableRandom(3);
        int vectors = 0;
        int means = 0;
        int runs = 200;
        for (int i = 0; i < runs; i++) {
            vectors += TwoSamples.vectors(around(1, 0, 15, random), around(1, 0, 12, random), i)
                                    .p()
                            <= 0.1
                    ? 1
                    : 0;
            double[] a = random.doubles(20).toArray();
            double[] b = random.doubles(15).toArray();
            means += TwoSamples.means(a, b, i).p() <= 0.1 ? 1 : 0;
        }
        double spread = 4 * Math.sqrt(0.09 * runs);
        assertTrue(Math.abs(vectors - 0.1 * runs) < spread, "" + vectors);
        assertTrue(Math.abs(means - 0.1 * runs) < spread, "" + means);
        assertEquals(
                0.0005,
                TwoSamples.vectors(around(1, 0, 40, random), around(0, 1, 40, random), 1)
                        .p());
        Result apart =
                TwoSamples.means(new double[] {0, 0, 0, 0, 0, 0, 0, 0}, new double[] {1, 1, 1, 1, 1, 1, 1, 1}, 1);
        assertEquals(1, apart.statistic());
        assertTrue(apart.p() < 0.003, "" + apart.p());
    }
}
