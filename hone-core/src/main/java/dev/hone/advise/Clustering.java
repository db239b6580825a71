package dev.hone.advise;

import dev.hone.record.Embedder;
import dev.hone.record.Seeds;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Groups of vectors of length 1 by spherical k-means (Dhillon and Modha 2001) with seeds far apart (k-means++; Arthur and Vassilvitskii 2007).
 * How many there are the data say: the number whose mean silhouette over cosine distances (Rousseeuw 1987), less {@value #EACH} of what is asked for
 * with each group beyond two, is largest, or one where none reaches that: diffuse texts have a silhouette that grows slowly with the groups. The same vectors and seed give the same groups.
 */
final class Clustering {
    private static final double EACH = 0.05;

    private static final int FITTED = 900;
    private static final int ROUNDS = 15;
    private static final int RESTARTS = 3;

    private Clustering() {}

    /**
     * Groups.
     *
     * @param of group of each vector, from 0
     * @param silhouette mean over the vectors that it was fitted to, less what the groups beyond two cost; 0 of one group
     */
    record Groups(int[] of, int count, double silhouette) {}

    /**
     * Finds them.
     *
     * @param most groups that may be
     * @param least silhouette, below which the groups are no better than one
     * @param smallest share of all that each group has at least
     */
    static Groups find(List<float[]> vectors, int most, double least, double smallest, long seed) {
        int[] fitted = fitted(vectors.size(), seed);
        float[][] chosen = Arrays.stream(fitted).mapToObj(vectors::get).toArray(float[][]::new);
        double[][] distances = distances(chosen);
        float[][] best = new float[0][];
        double highest = least;
        for (int k = 2; k <= Math.min(most, chosen.length / 2); k++) {
            float[][] centres = centres(chosen, k, seed);
            int[] of = nearest(chosen, centres);
            double silhouette = silhouette(distances, of, k) - EACH * least * (k - 2);
            if (silhouette > highest && smallest(of, k) >= smallest * chosen.length) {
                highest = silhouette;
                best = centres;
            }
        }
        if (best.length == 0) {
            return new Groups(new int[vectors.size()], 1, 0);
        }
        float[][] centres = best;
        int[] groups =
                vectors.stream().mapToInt(vector -> nearest(vector, centres)).toArray();
        return new Groups(groups, best.length, highest);
    }

    private static long smallest(int[] of, int groups) {
        return IntStream.range(0, groups)
                .mapToLong(
                        group -> Arrays.stream(of).filter(one -> one == group).count())
                .min()
                .orElse(0);
    }

    /** Some of all, without choosing twice. */
    private static int[] fitted(int count, long seed) {
        int[] order = IntStream.range(0, count).toArray();
        SplittableRandom random = new SplittableRandom(Seeds.mix(seed, 1));
        for (int i = 0; i < Math.min(FITTED, count); i++) {
            int other = i + random.nextInt(count - i);
            int kept = order[i];
            order[i] = order[other];
            order[other] = kept;
        }
        return Arrays.copyOf(order, Math.min(FITTED, count));
    }

    private static double[][] distances(float[][] vectors) {
        double[][] distances = new double[vectors.length][vectors.length];
        for (int i = 0; i < vectors.length; i++) {
            for (int j = 0; j < i; j++) {
                distances[i][j] = 1 - Embedder.cosine(vectors[i], vectors[j]);
                distances[j][i] = distances[i][j];
            }
        }
        return distances;
    }

    /** Of some beginnings the centres to which all are nearest. */
    private static float[][] centres(float[][] vectors, int k, long seed) {
        float[][] best = new float[0][];
        double highest = Double.NEGATIVE_INFINITY;
        for (int restart = 0; restart < RESTARTS; restart++) {
            SplittableRandom random = new SplittableRandom(Seeds.mix(seed, 100L * k + restart));
            float[][] centres = apart(vectors, k, random);
            for (int round = 0; round < ROUNDS; round++) {
                float[][] moved = means(vectors, nearest(vectors, centres), centres);
                if (Arrays.deepEquals(moved, centres)) {
                    break;
                }
                centres = moved;
            }
            double sum = 0;
            for (float[] vector : vectors) {
                sum += Embedder.cosine(vector, centres[nearest(vector, centres)]);
            }
            if (sum > highest) {
                highest = sum;
                best = centres;
            }
        }
        return best;
    }

    /** The first by chance, each other the likelier the farther it is from those before. */
    private static float[][] apart(float[][] vectors, int k, SplittableRandom random) {
        float[][] centres = new float[k][];
        centres[0] = vectors[random.nextInt(vectors.length)];
        double[] far = new double[vectors.length];
        Arrays.fill(far, Double.MAX_VALUE);
        for (int i = 1; i < k; i++) {
            double sum = 0;
            for (int j = 0; j < vectors.length; j++) {
                double distance = Math.max(0, 1 - Embedder.cosine(vectors[j], centres[i - 1]));
                far[j] = Math.min(far[j], distance * distance);
                sum += far[j];
            }
            double drawn = random.nextDouble() * sum;
            int chosen = 0;
            while (chosen < vectors.length - 1 && drawn >= far[chosen]) {
                drawn -= far[chosen];
                chosen++;
            }
            centres[i] = vectors[chosen];
        }
        return centres;
    }

    /** One that nothing is nearest to stays where it was. */
    private static float[][] means(float[][] vectors, int[] of, float[][] before) {
        double[][] sums = new double[before.length][vectors[0].length];
        for (int i = 0; i < vectors.length; i++) {
            for (int d = 0; d < vectors[i].length; d++) {
                sums[of[i]][d] += vectors[i][d];
            }
        }
        float[][] means = new float[before.length][];
        for (int c = 0; c < before.length; c++) {
            double length =
                    Math.sqrt(Arrays.stream(sums[c]).map(value -> value * value).sum());
            means[c] = before[c];
            if (length > 0) {
                means[c] = new float[sums[c].length];
                for (int d = 0; d < sums[c].length; d++) {
                    means[c][d] = (float) (sums[c][d] / length);
                }
            }
        }
        return means;
    }

    private static int[] nearest(float[][] vectors, float[][] centres) {
        return Arrays.stream(vectors)
                .mapToInt(vector -> nearest(vector, centres))
                .toArray();
    }

    private static int nearest(float[] vector, float[][] centres) {
        int best = 0;
        double highest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < centres.length; i++) {
            double cosine = Embedder.cosine(vector, centres[i]);
            if (cosine > highest) {
                highest = cosine;
                best = i;
            }
        }
        return best;
    }

    /** The mean over all of (b − a) / max(a, b): a the mean distance to the others of the own group, b to those of the nearest other. */
    static double silhouette(double[][] distances, int[] of, int groups) {
        int[] sizes = new int[groups];
        for (int group : of) {
            sizes[group]++;
        }
        double sum = 0;
        for (int i = 0; i < of.length; i++) {
            double[] to = new double[groups];
            for (int j = 0; j < of.length; j++) {
                to[of[j]] += distances[i][j];
            }
            double nearest = Double.MAX_VALUE;
            for (int group = 0; group < groups; group++) {
                if (group != of[i] && sizes[group] > 0) {
                    nearest = Math.min(nearest, to[group] / sizes[group]);
                }
            }
            if (sizes[of[i]] > 1 && nearest < Double.MAX_VALUE) {
                double own = to[of[i]] / (sizes[of[i]] - 1);
                double larger = Math.max(own, nearest);
                sum += larger > 0 ? (nearest - own) / larger : 0;
            }
        }
        return of.length == 0 ? 0 : sum / of.length;
    }
}
