package dev.hone.advise;

import dev.hone.record.Embedder;
import dev.hone.record.Seeds;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Vectors of what texts are about, learned from them, where no model of meaning is at hand. Each word has a random place and sign among {@value #SIZE} (Weinberger et al., "Feature
 * hashing for large scale multitask learning", 2009) and the weight {@code (1 + ln tf) · ln((1 + n) / (1 + df))}; of these vectors the {@value
 * #TOPICS} directions in which the texts differ most are kept (latent semantic analysis: Deerwester et al. 1990; by orthogonal iteration), so that
 * texts without a word in common may be near.
 */
public final class WordTopics implements Embedder {
    static final int SIZE = 1 << 14;
    static final int TOPICS = 24;
    private static final int ROUNDS = 12;

    /** More texts tell the directions no better. */
    private static final int FITTED = 2_000;

    private final Map<String, Integer> documents = new HashMap<>();
    private final int texts;

    /** Orthonormal, a row each. */
    private final double[][] directions;

    /** @param texts that say how rare a word is, and what goes together */
    public WordTopics(List<String> texts) {
        this.texts = texts.size();
        texts.forEach(
                text -> new HashSet<>(Words.letters(text)).forEach(word -> documents.merge(word, 1, Integer::sum)));
        List<Sparse> vectors = texts.stream().limit(FITTED).map(this::words).toList();
        SplittableRandom random = new SplittableRandom(29);
        directions = new double[TOPICS][SIZE];
        for (double[] direction : directions) {
            Arrays.setAll(direction, place -> random.nextGaussian());
        }
        orthonormal(directions);
        for (int round = 0; round < ROUNDS; round++) {
            double[][] moved = new double[TOPICS][SIZE];
            for (Sparse vector : vectors) {
                for (int i = 0; i < TOPICS; i++) {
                    vector.addTo(moved[i], vector.product(directions[i]));
                }
            }
            orthonormal(moved);
            for (int i = 0; i < TOPICS; i++) {
                System.arraycopy(moved[i], 0, directions[i], 0, SIZE);
            }
        }
    }

    @Override
    public float[] embed(String text) {
        Sparse words = words(text);
        double[] topics = new double[TOPICS];
        for (int i = 0; i < TOPICS; i++) {
            topics[i] = words.product(directions[i]);
        }
        double length = Math.sqrt(product(topics, topics));
        float[] unit = new float[TOPICS];
        for (int i = 0; i < TOPICS; i++) {
            unit[i] = length == 0 ? i == 0 ? 1 : 0 : (float) (topics[i] / length);
        }
        return unit;
    }

    /** Of length 1, or 0 where no word tells anything. */
    private Sparse words(String text) {
        Map<String, Integer> counts = new HashMap<>();
        Words.letters(text).forEach(word -> counts.merge(word, 1, Integer::sum));
        Map<Integer, Double> vector = new TreeMap<>();
        new TreeMap<>(counts).forEach((word, count) -> {
            long hash = Seeds.mix(17, word.hashCode());
            double weight = (1 + Math.log(count)) * Math.log((1.0 + texts) / (1.0 + documents.getOrDefault(word, 0)));
            vector.merge((int) Math.floorMod(hash, (long) SIZE), (hash < 0 ? -1 : 1) * weight, Double::sum);
        });
        int[] places = vector.keySet().stream().mapToInt(Integer::intValue).toArray();
        double[] values =
                vector.values().stream().mapToDouble(Double::doubleValue).toArray();
        double length = Math.sqrt(product(values, values));
        if (length > 0) {
            Arrays.setAll(values, place -> values[place] / length);
        }
        return new Sparse(places, values);
    }

    /** A vector of which most is 0. */
    private record Sparse(int[] places, double[] values) {
        double product(double[] other) {
            double sum = 0;
            for (int i = 0; i < places.length; i++) {
                sum += values[i] * other[places[i]];
            }
            return sum;
        }

        void addTo(double[] other, double factor) {
            for (int i = 0; i < places.length; i++) {
                other[places[i]] += factor * values[i];
            }
        }
    }

    private static double product(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static void add(double[] to, double[] vector, double factor) {
        for (int i = 0; i < to.length; i++) {
            to[i] += factor * vector[i];
        }
    }

    /** Each without its part in those before (Gram and Schmidt); what has nothing of its own is 0. */
    private static void orthonormal(double[][] rows) {
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < i; j++) {
                add(rows[i], rows[j], -product(rows[i], rows[j]));
            }
            double[] row = rows[i];
            double length = Math.sqrt(product(row, row));
            double factor = length > 1e-9 ? 1 / length : 0;
            Arrays.setAll(row, place -> row[place] * factor);
        }
    }
}
