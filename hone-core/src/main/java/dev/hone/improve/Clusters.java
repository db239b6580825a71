package dev.hone.improve;

import dev.hone.record.Embedder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Regions of what is asked: spherical k-means (Dhillon and Modha 2001) over unit vectors, begun by k-means++ (Arthur and Vassilvitskii 2007) from a
 * seed. Made of a part of the reference; everything else is placed by the nearest centre.
 */
final class Clusters {
    private static final int MOST = 12;
    private static final int ROUNDS = 25;

    private final List<float[]> centres;
    /** The number, among those that it was made of, of the one nearest to each centre. */
    private final int[] medoids;

    private Clusters(List<float[]> centres, int[] medoids) {
        this.centres = centres;
        this.medoids = medoids;
    }

    /** @param vectors at least one */
    static Clusters fit(List<float[]> vectors, long seed) {
        int wanted = Math.clamp(Math.round(Math.sqrt(vectors.size() / 2.0)), 1, MOST);
        SplittableRandom random = new SplittableRandom(seed);
        List<float[]> centres = begin(vectors, wanted, random);
        int[] of = new int[vectors.size()];
        Arrays.fill(of, -1);
        for (int round = 0; round < ROUNDS; round++) {
            boolean moved = false;
            for (int i = 0; i < of.length; i++) {
                int nearest = nearest(centres, vectors.get(i));
                moved |= nearest != of[i];
                of[i] = nearest;
            }
            if (!moved) {
                break;
            }
            centres = means(vectors, of, centres);
        }
        int[] medoids = new int[centres.size()];
        double[] closest = new double[centres.size()];
        Arrays.fill(closest, Double.NEGATIVE_INFINITY);
        for (int i = 0; i < of.length; i++) {
            int at = nearest(centres, vectors.get(i));
            double cosine = Embedder.cosine(centres.get(at), vectors.get(i));
            if (cosine > closest[at]) {
                closest[at] = cosine;
                medoids[at] = i;
            }
        }
        return new Clusters(centres, medoids);
    }

    /** Each next centre is drawn by its squared distance to the nearest before it; fewer where vectors are the same. */
    private static List<float[]> begin(List<float[]> vectors, int wanted, SplittableRandom random) {
        List<float[]> centres = new ArrayList<>();
        centres.add(vectors.get(random.nextInt(vectors.size())));
        double[] squares = new double[vectors.size()];
        Arrays.fill(squares, Double.POSITIVE_INFINITY);
        while (centres.size() < wanted) {
            double sum = 0;
            for (int i = 0; i < squares.length; i++) {
                double distance = Vectors.distance(centres.getLast(), vectors.get(i));
                squares[i] = Math.min(squares[i], distance * distance);
                sum += squares[i] < 1e-6 ? 0 : squares[i];
            }
            if (sum == 0) {
                break;
            }
            double drawn = random.nextDouble() * sum;
            int chosen = -1;
            for (int i = 0; i < squares.length && drawn >= 0; i++) {
                if (squares[i] >= 1e-6) {
                    drawn -= squares[i];
                    chosen = i;
                }
            }
            centres.add(vectors.get(chosen));
        }
        return centres;
    }

    private static List<float[]> means(List<float[]> vectors, int[] of, List<float[]> before) {
        List<float[]> means = new ArrayList<>();
        for (float[] centre : before) {
            means.add(new float[centre.length]);
        }
        int[] counts = new int[before.size()];
        for (int i = 0; i < of.length; i++) {
            counts[of[i]]++;
            float[] sum = means.get(of[i]);
            float[] vector = vectors.get(i);
            for (int j = 0; j < sum.length; j++) {
                sum[j] += vector[j];
            }
        }
        for (int i = 0; i < means.size(); i++) {
            means.set(i, counts[i] == 0 ? before.get(i) : Vectors.unit(means.get(i)));
        }
        return means;
    }

    private static int nearest(List<float[]> centres, float[] vector) {
        int nearest = 0;
        double most = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < centres.size(); i++) {
            double cosine = Embedder.cosine(centres.get(i), vector);
            if (cosine > most) {
                most = cosine;
                nearest = i;
            }
        }
        return nearest;
    }

    int size() {
        return centres.size();
    }

    /** Number of the cluster that a vector is in. */
    int of(float[] vector) {
        return nearest(centres, vector);
    }

    /** To the nearest centre. */
    double distance(float[] vector) {
        return Vectors.distance(centres.get(of(vector)), vector);
    }

    int medoid(int cluster) {
        return medoids[cluster];
    }
}
