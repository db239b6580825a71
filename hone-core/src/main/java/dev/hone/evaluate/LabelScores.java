package dev.hone.evaluate;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How well generated texts agree with the right ones, when each is taken as a label. Made by {@link #of}; consumed by
 * {@code hone eval}.
 *
 * @param rows number compared
 * @param exactMatch share of outputs equal to the character
 * @param accuracy share equal after trimming, joining white space and lower-casing
 * @param accuracyLow lower end of its 95 % Wilson interval (Wilson 1927)
 * @param accuracyHigh upper end
 * @param macroF1 mean over the right labels of {@code 2·tp / (2·tp + fp + fn)}, on the normalised texts
 * @param labels number of different right texts; when it is near {@code rows}, macro-F1 says nothing new
 */
public record LabelScores(
        int rows,
        double exactMatch,
        double accuracy,
        double accuracyLow,
        double accuracyHigh,
        double macroF1,
        int labels) {
    /** Compares outputs with the right texts, pair by pair. */
    public static LabelScores of(List<String> outputs, List<String> right) {
        if (outputs.size() != right.size() || right.isEmpty()) {
            throw new IllegalArgumentException(
                    "[%d] outputs cannot be compared with [%d] right texts".formatted(outputs.size(), right.size()));
        }
        int n = right.size();
        int exact = 0;
        int equal = 0;
        Map<String, int[]> counts = new HashMap<>();
        right.forEach(label -> counts.computeIfAbsent(normalised(label), key -> new int[3])[0]++);
        for (int i = 0; i < n; i++) {
            String output = normalised(outputs.get(i));
            String label = normalised(right.get(i));
            exact += outputs.get(i).equals(right.get(i)) ? 1 : 0;
            equal += output.equals(label) ? 1 : 0;
            int[] predicted = counts.get(output);
            if (predicted != null) {
                predicted[1]++;
                predicted[2] += output.equals(label) ? 1 : 0;
            }
        }
        double macro = counts.values().stream()
                .mapToDouble(count -> 2.0 * count[2] / (count[0] + count[1]))
                .average()
                .orElseThrow();
        Interval accuracy = Interval.wilson(equal, n);
        return new LabelScores(
                n, (double) exact / n, accuracy.value(), accuracy.low(), accuracy.high(), macro, counts.size());
    }

    private static String normalised(String text) {
        return text.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
    }
}
