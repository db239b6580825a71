package dev.hone.task;

import dev.hone.record.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Texts that say nearly the same, found without comparing all with all. MinHash (Broder 1997) proposes pairs: those that
 * share the smallest hashes of one of {@value #BANDS} bands of {@value #ROWS}. The Jaccard index of their character
 * {@value Folds#SHINGLE}-grams decides. A pair of index s is missed with probability {@code (1 − s^4)^32}: 5e-8 at 0.8.
 */
final class NearDuplicates {
    private static final int BANDS = 32;
    private static final int ROWS = 4;

    private NearDuplicates() {}

    /**
     * Groups of places of texts, a group being everything linked by a Jaccard index of at least {@code near}; a text like no
     * other is a group of its own.
     */
    static List<List<Integer>> groups(List<String> texts, double near) {
        List<Set<String>> shingles = texts.stream().map(Folds::shingles).toList();
        List<long[]> signatures =
                shingles.stream().map(NearDuplicates::signature).toList();
        Links links = new Links(texts.size());
        for (int band = 0; band < BANDS; band++) {
            Map<Long, List<Integer>> buckets = new HashMap<>();
            for (int i = 0; i < signatures.size(); i++) {
                List<Integer> alike = buckets.computeIfAbsent(key(signatures.get(i), band), key -> new ArrayList<>());
                for (int other : alike) {
                    if (!links.joined(i, other) && Folds.jaccard(shingles.get(i), shingles.get(other)) >= near) {
                        links.join(i, other);
                    }
                }
                alike.add(i);
            }
        }
        return links.groups();
    }

    private static long key(long[] signature, int band) {
        long key = band;
        for (int row = 0; row < ROWS; row++) {
            key = Seeds.mix(key, signature[band * ROWS + row]);
        }
        return key;
    }

    /** The smallest value that each hash function gives a shingle. */
    private static long[] signature(Set<String> shingles) {
        long[] smallest = new long[BANDS * ROWS];
        Arrays.fill(smallest, Long.MAX_VALUE);
        for (String shingle : shingles) {
            long bits = bits(shingle);
            for (int hash = 0; hash < smallest.length; hash++) {
                smallest[hash] = Math.min(smallest[hash], Seeds.mix(hash, bits));
            }
        }
        return smallest;
    }

    /** A shingle itself: four characters of 16 bits. */
    private static long bits(String shingle) {
        long bits = 0;
        for (int i = 0; i < shingle.length(); i++) {
            bits = bits << Character.SIZE | shingle.charAt(i);
        }
        return bits;
    }
}
