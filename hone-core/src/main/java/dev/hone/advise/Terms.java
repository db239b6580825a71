package dev.hone.advise;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The words by which groups of texts differ: weight tf · ln(1 + A / f) of a word in a group, tf how often it stands there, f in all groups
 * together, A the mean number of words of a group (class-based TF-IDF: Grootendorst, "BERTopic", 2022). Words of fewer than {@value #LEAST}
 * calls of a group, as names of people are, are none of its terms.
 */
final class Terms {
    private static final int LEAST = 5;

    private static final Set<String> STOP = Set.of(
            "the", "and", "for", "are", "was", "were", "you", "your", "that", "this", "with", "from", "have", "has",
            "had", "not", "but", "can", "could", "would", "should", "will", "what", "which", "who", "how", "why",
            "when", "where", "there", "their", "they", "them", "then", "than", "its", "it's", "i'm", "i've", "about",
            "into", "all", "any", "one", "two", "more", "most", "some", "such", "only", "also", "does", "did", "been",
            "being", "get", "got", "let", "please", "she", "her", "his", "him", "our", "out", "use", "used", "each",
            "other", "via", "may", "just", "like", "want", "need", "der", "die", "das", "und", "ist", "ich", "nicht",
            "les", "des", "est", "que", "una", "por", "para", "con");

    private Terms() {}

    /** A group's texts, and words that all of its calls have, as those of its template. */
    record Group(List<String> texts, String common) {}

    /** The most telling words of each group, the first first. */
    static List<List<String>> of(List<Group> groups, int most) {
        List<Map<String, Integer>> counts = new ArrayList<>();
        List<Map<String, Integer>> calls = new ArrayList<>();
        Map<String, Integer> all = new HashMap<>();
        long words = 0;
        for (Group group : groups) {
            Map<String, Integer> count = new HashMap<>();
            Map<String, Integer> call = new HashMap<>();
            for (String text : group.texts()) {
                List<String> said = Words.letters(text);
                said.forEach(word -> count.merge(word, 1, Integer::sum));
                new HashSet<>(said).forEach(word -> call.merge(word, 1, Integer::sum));
            }
            new HashSet<>(Words.letters(group.common())).forEach(word -> {
                count.merge(word, group.texts().size(), Integer::sum);
                call.merge(word, group.texts().size(), Integer::sum);
            });
            counts.add(count);
            calls.add(call);
            for (Map.Entry<String, Integer> entry : count.entrySet()) {
                all.merge(entry.getKey(), entry.getValue(), Integer::sum);
                words += entry.getValue();
            }
        }
        double mean = (double) words / Math.max(1, groups.size());
        List<List<String>> terms = new ArrayList<>();
        for (int i = 0; i < groups.size(); i++) {
            Map<String, Integer> count = counts.get(i);
            Map<String, Integer> call = calls.get(i);
            terms.add(count.keySet().stream()
                    .filter(word -> !STOP.contains(word) && call.getOrDefault(word, 0) >= LEAST)
                    .sorted(Comparator.comparingDouble((String word) ->
                                    -count.getOrDefault(word, 0) * Math.log(1 + mean / all.getOrDefault(word, 1)))
                            .thenComparing(Comparator.naturalOrder()))
                    .limit(most)
                    .toList());
        }
        return terms;
    }
}
