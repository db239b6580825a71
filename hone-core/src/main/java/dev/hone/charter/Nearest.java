package dev.hone.charter;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The word that someone may have meant: by Levenshtein's distance, at most a third of the letters and one more. */
final class Nearest {
    private Nearest() {}

    static Optional<String> to(String word, List<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(one -> distance(word, one)))
                .filter(one -> distance(word, one) <= 1 + one.length() / 3);
    }

    private static int distance(String a, String b) {
        if (a.length() > 3 * b.length() + 3) {
            return a.length();
        }
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
