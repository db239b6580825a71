package dev.hone.settings;

import dev.hone.record.EditDistance;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The word that someone may have meant: by Levenshtein's distance, at most a third of the letters and one more. */
public final class Nearest {
    private Nearest() {}

    public static Optional<String> to(String word, List<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(one -> distance(word, one)))
                .filter(one -> distance(word, one) <= 1 + one.length() / 3);
    }

    /** A word that is much longer is as far as it is long: nothing is computed for it. */
    private static int distance(String a, String b) {
        return a.length() > 3 * b.length() + 3 ? a.length() : EditDistance.of(a, b);
    }
}
