package dev.hone.evaluate.classic;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Pieces of a text and how often each occurs, in lower case. */
final class Grams {
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}\\p{N}_]{2,}");

    private Grams() {}

    /** Words of at least two characters. */
    static Map<String, Integer> words(String text) {
        return words(text, 1);
    }

    /** Words, and every two of them that follow each other. */
    static Map<String, Integer> wordsAndPairs(String text) {
        return words(text, 2);
    }

    private static Map<String, Integer> words(String text, int longest) {
        List<String> words = WORD.matcher(text.toLowerCase(Locale.ROOT))
                .results()
                .map(MatchResult::group)
                .toList();
        Map<String, Integer> counts = new HashMap<>();
        for (int size = 1; size <= longest; size++) {
            for (int i = 0; i + size <= words.size(); i++) {
                counts.merge(String.join(" ", words.subList(i, i + size)), 1, Integer::sum);
            }
        }
        return counts;
    }

    /** Three to five characters that follow each other within a word, spaces around it included. */
    static Map<String, Integer> characters(String text) {
        Map<String, Integer> counts = new HashMap<>();
        for (String word : text.toLowerCase(Locale.ROOT).strip().split("\\s+")) {
            String spaced = " " + word + " ";
            for (int size = 3; size <= 5; size++) {
                for (int i = 0; i + size <= spaced.length(); i++) {
                    counts.merge(spaced.substring(i, i + size), 1, Integer::sum);
                }
            }
        }
        return counts;
    }
}
