package dev.hone.evaluate.classic;

import de.bwaldvogel.liblinear.Feature;
import de.bwaldvogel.liblinear.FeatureNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Texts as sparse vectors of length 1, over the pieces that occur in the texts it was made from: {@code (1 + ln tf) · (1 +
 * ln((1 + n) / (1 + df)))}, as scikit-learn has it with sublinear tf.
 */
final class TfIdf {
    private final Function<String, Map<String, Integer>> pieces;
    private final int offset;
    private final Map<String, Integer> places = new HashMap<>();
    private final double[] weights;

    /**
     * @param offset places before the first, taken by others
     * @param pieces of a text, with how often each occurs
     */
    TfIdf(List<String> texts, int offset, Function<String, Map<String, Integer>> pieces) {
        this.pieces = pieces;
        this.offset = offset;
        Map<String, Integer> documents = new TreeMap<>();
        texts.forEach(text -> pieces.apply(text).keySet().forEach(piece -> documents.merge(piece, 1, Integer::sum)));
        weights = new double[documents.size()];
        documents.forEach((piece, count) -> {
            weights[places.size()] = 1 + Math.log((1.0 + texts.size()) / (1.0 + count));
            places.put(piece, places.size());
        });
    }

    /** Places up to here are taken. */
    int end() {
        return offset + weights.length;
    }

    /** Non-zero features in the order of their places, which count from 1. */
    List<Feature> vector(String text) {
        List<Feature> features = new ArrayList<>();
        double squares = 0;
        for (Map.Entry<String, Integer> entry : pieces.apply(text).entrySet()) {
            Integer place = places.get(entry.getKey());
            if (place != null) {
                double value = (1 + Math.log(entry.getValue())) * weights[place];
                squares += value * value;
                features.add(new FeatureNode(offset + place + 1, value));
            }
        }
        double norm = Math.sqrt(squares);
        features.forEach(feature -> feature.setValue(feature.getValue() / norm));
        features.sort(Comparator.comparingInt(Feature::getIndex));
        return features;
    }
}
