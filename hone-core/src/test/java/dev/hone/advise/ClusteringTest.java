package dev.hone.advise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ClusteringTest {
    /** Vectors about so many directions, each as often. */
    private static List<float[]> about(int directions, double noise, int count) {
        SplittableRandom random = new SplittableRandom(11);
        List<float[]> vectors = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            double[] vector = new double[20];
            for (int d = 0; d < vector.length; d++) {
                vector[d] = noise * random.nextGaussian() + (d == i % directions ? 1 : 0);
            }
            double length = Math.sqrt(IntStream.range(0, 20)
                    .mapToDouble(d -> vector[d] * vector[d])
                    .sum());
            float[] unit = new float[20];
            for (int d = 0; d < 20; d++) {
                unit[d] = (float) (vector[d] / length);
            }
            vectors.add(unit);
        }
        return vectors;
    }

    /** By hand: the first has 1 to its own and 4.5 to the others, and so on: 7/9, 5/7, 5/7, 7/9 … of two pairs at 0, 1 and 4, 5. */
    @Test
    void theSilhouetteIsAsWorkedOutByHand() {
        double[] at = {0, 1, 4, 5};
        double[][] distances = new double[4][4];
        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < 4; j++) {
                distances[i][j] = Math.abs(at[i] - at[j]);
            }
        }
        assertEquals(
                (2 * 3.5 / 4.5 + 2 * 2.5 / 3.5) / 4,
                Clustering.silhouette(distances, new int[] {0, 0, 1, 1}, 2),
                1e-12);
        assertEquals(0, Clustering.silhouette(distances, new int[] {0, 0, 0, 0}, 1), 1e-12);
        assertEquals(0, Clustering.silhouette(distances, new int[] {0, 1, 2, 3}, 4), 1e-12);
    }

    @Test
    void theDataSayHowManyThereAre() {
        for (int directions : new int[] {2, 3, 5}) {
            Clustering.Groups groups = Clustering.find(about(directions, 0.1, 200), 12, 0.1, 0.02, 1);
            assertEquals(directions, groups.count());
            List<Integer> truth =
                    IntStream.range(0, 200).mapToObj(i -> i % directions).toList();
            List<Integer> found = IntStream.of(groups.of()).boxed().toList();
            assertEquals(1, AdjustedRand.of(truth, found), 1e-9);
        }
    }

    @Test
    void noiseIsOneGroup() {
        List<float[]> noise = about(1, 1.0, 300);
        assertEquals(1, Clustering.find(noise, 12, 0.1, 0.02, 1).count());
        assertEquals(
                1, Clustering.find(List.of(noise.getFirst()), 12, 0.1, 0.02, 1).count());
    }

    @Test
    void theSameSeedFindsTheSame() {
        List<float[]> vectors = about(4, 0.3, 1_500);
        Clustering.Groups once = Clustering.find(vectors, 8, 0.1, 0.02, 7);
        assertArrayEquals(once.of(), Clustering.find(vectors, 8, 0.1, 0.02, 7).of());
        assertTrue(once.count() >= 4, "groups: " + once.count());
    }
}
