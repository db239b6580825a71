package dev.hone.task;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Places 0 to n − 1, of which some are linked; what is linked through others belongs together too (Tarjan 1975). */
final class Links {
    private final int[] parent;

    Links(int count) {
        parent = new int[count];
        Arrays.setAll(parent, i -> i);
    }

    void join(int i, int j) {
        parent[root(i)] = root(j);
    }

    /** Every place in its group: groups by their first place, places in order. */
    List<List<Integer>> groups() {
        Map<Integer, List<Integer>> groups = new LinkedHashMap<>();
        for (int i = 0; i < parent.length; i++) {
            groups.computeIfAbsent(root(i), root -> new ArrayList<>()).add(i);
        }
        return List.copyOf(groups.values());
    }

    private int root(int i) {
        int root = i;
        while (parent[root] != root) {
            parent[root] = parent[parent[root]];
            root = parent[root];
        }
        return root;
    }
}
