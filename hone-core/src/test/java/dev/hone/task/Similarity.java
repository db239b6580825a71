package dev.hone.task;

import java.util.HashSet;
import java.util.Set;

/** How alike two texts are, told slowly: the reference of {@link NearDuplicates}. */
final class Similarity {
    private static final int SHINGLE = 4;

    private Similarity() {}

    static Set<String> shingles(String text) {
        String normalised = " " + AssistantActions.normalised(text) + " ";
        Set<String> shingles = new HashSet<>();
        for (int i = 0; i + SHINGLE <= normalised.length(); i++) {
            shingles.add(normalised.substring(i, i + SHINGLE));
        }
        return shingles;
    }

    static double jaccard(Set<String> a, Set<String> b) {
        Set<String> smaller = a.size() < b.size() ? a : b;
        Set<String> larger = smaller == a ? b : a;
        if (larger.isEmpty()) {
            return 1;
        }
        long both = smaller.stream().filter(larger::contains).count();
        return (double) both / (a.size() + b.size() - both);
    }
}
