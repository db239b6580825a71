package dev.hone.evaluate;

import dev.hone.record.Embedder;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How like other texts are to some known ones. */
@FunctionalInterface
public interface TextSimilarity {
    /** The cosine of a text with each of the known ones, in their order. */
    double[] of(String text);

    /**
     * Texts that are written alike: character 2- to 4-gram TF-IDF vectors ({@code (1 + ln tf) · (1 + ln((1 + n) / (1 + df)))}, as
     * in scikit-learn with sublinear tf).
     */
    static TextSimilarity ofWriting(List<String> known) {
        Grams grams = new Grams(known);
        List<Map<String, Double>> vectors = known.stream().map(grams::vector).toList();
        return text -> {
            Map<String, Double> vector = grams.vector(text);
            return vectors.stream()
                    .mapToDouble(one -> Grams.cosine(vector, one))
                    .toArray();
        };
    }

    /** Texts that mean the same. */
    static TextSimilarity ofMeaning(List<String> known, Embedder embedder) {
        List<float[]> vectors = known.stream().map(embedder::embed).toList();
        return text -> {
            float[] vector = embedder.embed(text);
            return vectors.stream()
                    .mapToDouble(one -> Embedder.cosine(vector, one))
                    .toArray();
        };
    }

    /** TF-IDF vectors of length 1 over character grams. */
    final class Grams {
        private static final int SHORTEST = 2;
        private static final int LONGEST = 4;

        private final Map<String, Double> weights = new HashMap<>();

        private Grams(List<String> known) {
            Map<String, Integer> documents = new HashMap<>();
            for (String text : known) {
                counts(text).keySet().forEach(gram -> documents.merge(gram, 1, Integer::sum));
            }
            documents.forEach((gram, count) -> weights.put(gram, 1 + Math.log((1.0 + known.size()) / (1.0 + count))));
        }

        private Map<String, Double> vector(String text) {
            Map<String, Double> vector = new HashMap<>();
            double squares = 0;
            for (Map.Entry<String, Integer> entry : counts(text).entrySet()) {
                double value = (1 + Math.log(entry.getValue())) * weights.getOrDefault(entry.getKey(), 0.0);
                vector.put(entry.getKey(), value);
                squares += value * value;
            }
            double norm = squares == 0 ? 1 : Math.sqrt(squares);
            vector.replaceAll((gram, value) -> value / norm);
            return vector;
        }

        private static double cosine(Map<String, Double> a, Map<String, Double> b) {
            double sum = 0;
            for (Map.Entry<String, Double> entry : a.entrySet()) {
                sum += entry.getValue() * b.getOrDefault(entry.getKey(), 0.0);
            }
            return sum;
        }

        private static Map<String, Integer> counts(String text) {
            String spaced =
                    " " + text.toLowerCase(Locale.ROOT).replaceAll("\\s+", " ").strip() + " ";
            Map<String, Integer> counts = new HashMap<>();
            for (int size = SHORTEST; size <= LONGEST; size++) {
                for (int i = 0; i + size <= spaced.length(); i++) {
                    counts.merge(spaced.substring(i, i + size), 1, Integer::sum);
                }
            }
            return counts;
        }
    }
}
