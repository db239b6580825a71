package dev.hone.task;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Texts that say nearly the same: whose sets of character {@value #SHINGLE}-grams, over lower-cased words, have a Jaccard
 * index of at least a threshold. Exact, where MinHash would miss a pair now and then: two such sets must share one of their
 * rarest elements (prefix filtering: Bayardo, Ma, Srikant, "Scaling up all pairs similarity search", 2007), so only texts that
 * do are compared, and the comparison itself counts.
 */
public final class NearDuplicates {
    static final int SHINGLE = 4;

    private final int[][] sets;

    /** Elements in all sets are numbered from the rarest on. */
    private final int elements;

    /** Hears of pairs. */
    public interface Listener {
        /**
         * Two texts are near.
         *
         * @return whether the later one is dropped: it is compared with no other
         */
        boolean near(int earlier, int later);
    }

    public NearDuplicates(List<String> texts) {
        Map<String, Integer> numbers = new HashMap<>();
        List<int[]> raw = new ArrayList<>(texts.size());
        for (String text : texts) {
            raw.add(shingles(text).stream()
                    .mapToInt(shingle -> numbers.computeIfAbsent(shingle, key -> numbers.size()))
                    .toArray());
        }
        this.elements = numbers.size();
        int[] rank = ranks(raw, elements);
        this.sets = new int[raw.size()][];
        for (int i = 0; i < sets.length; i++) {
            sets[i] = Arrays.stream(raw.get(i))
                    .map(number -> rank[number])
                    .sorted()
                    .toArray();
        }
    }

    private static int[] ranks(List<int[]> sets, int elements) {
        long[] order = new long[elements];
        Arrays.setAll(order, i -> i);
        for (int[] set : sets) {
            for (int number : set) {
                order[number] += 1L << 32;
            }
        }
        Arrays.sort(order);
        int[] rank = new int[elements];
        for (int i = 0; i < elements; i++) {
            rank[(int) order[i]] = i;
        }
        return rank;
    }

    private static Set<String> shingles(String text) {
        String normalised = " " + AssistantActions.normalised(text) + " ";
        Set<String> shingles = new HashSet<>();
        for (int i = 0; i + SHINGLE <= normalised.length(); i++) {
            shingles.add(normalised.substring(i, i + SHINGLE));
        }
        if (shingles.isEmpty()) {
            shingles.add(normalised);
        }
        return shingles;
    }

    /**
     * Finds every pair at or above a threshold, in the order of the later text.
     *
     * @param threshold above 0, at most 1
     */
    public void pairs(double threshold, Listener listener) {
        if (!(threshold > 0 && threshold <= 1)) {
            throw new IllegalArgumentException("The threshold [%s] must be above 0 and at most 1".formatted(threshold));
        }
        @Nullable IntList[] index = new @Nullable IntList[elements];
        int[] seen = new int[sets.length];
        Arrays.fill(seen, -1);
        for (int later = 0; later < sets.length; later++) {
            int prefix = prefix(sets[later].length, threshold);
            boolean dropped = false;
            for (int i = 0; i < prefix && !dropped; i++) {
                IntList sharing = index[sets[later][i]];
                for (int j = 0; sharing != null && j < sharing.size && !dropped; j++) {
                    int earlier = sharing.values[j];
                    if (seen[earlier] != later) {
                        seen[earlier] = later;
                        dropped = near(earlier, later, threshold) && listener.near(earlier, later);
                    }
                }
            }
            for (int i = 0; i < prefix && !dropped; i++) {
                IntList sharing = index[sets[later][i]];
                if (sharing == null) {
                    sharing = new IntList();
                    index[sets[later][i]] = sharing;
                }
                sharing.add(later);
            }
        }
    }

    /** Links what is near; texts that are linked through others belong together too. */
    Links links(double threshold) {
        Links links = new Links(sets.length);
        pairs(threshold, (earlier, later) -> {
            links.join(earlier, later);
            return false;
        });
        return links;
    }

    /** How many of a set's rarest elements cannot all be missing from a set that is near. */
    private static int prefix(int size, double threshold) {
        return size - (int) Math.ceil(threshold * size - 1e-9) + 1;
    }

    private boolean near(int one, int other, double threshold) {
        int[] a = sets[one];
        int[] b = sets[other];
        if (Math.min(a.length, b.length) < threshold * Math.max(a.length, b.length) - 1e-9) {
            return false;
        }
        int both = 0;
        for (int i = 0, j = 0; i < a.length && j < b.length; ) {
            if (a[i] == b[j]) {
                both++;
                i++;
                j++;
            } else if (a[i] < b[j]) {
                i++;
            } else {
                j++;
            }
        }
        return both >= threshold * (a.length + b.length - both) - 1e-9;
    }

    private static final class IntList {
        private int[] values = new int[4];
        private int size;

        void add(int value) {
            if (size == values.length) {
                values = Arrays.copyOf(values, 2 * size);
            }
            values[size++] = value;
        }
    }
}
