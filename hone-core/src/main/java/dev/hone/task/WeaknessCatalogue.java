package dev.hone.task;

import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * MITRE's list of weaknesses (CWE), as far as triage needs it. Made by {@link WeaknessReader};
 * consumed by {@link VulnerabilityTriage}.
 *
 * @param weaknesses by number, in the catalogue's order
 * @param members of each view, by its number
 */
record WeaknessCatalogue(Map<Integer, Weakness> weaknesses, Map<Integer, Set<Integer>> members) {
    WeaknessCatalogue {
        weaknesses = Collections.unmodifiableMap(new LinkedHashMap<>(weaknesses));
        members = Map.copyOf(members);
    }

    /**
     * @param parents what it is a child of
     * @param examples vulnerabilities that experts found to be of this weakness
     */
    record Weakness(int id, String name, List<Parent> parents, List<Example> examples) {}

    /**
     * @param view whose tree this is
     * @param primary whether the view's tree goes on here, of several parents
     */
    record Parent(int id, int view, boolean primary) {}

    /**
     * @param reference of the vulnerability, such as {@code CVE-2022-24045}
     * @param description one line
     */
    record Example(String reference, String description) {}

    /**
     * The member of a view that a weakness is, or that is the first one on its way up: by the view's own tree where it is in
     * it, else by another view's, at each step to the primary parent.
     *
     * @param tree the other view, in which every weakness is
     */
    OptionalInt climb(int weakness, int view, int tree) {
        Set<Integer> classes = members.getOrDefault(view, Set.of());
        Set<Integer> seen = new HashSet<>();
        int at = weakness;
        while (seen.add(at)) {
            if (classes.contains(at)) {
                return OptionalInt.of(at);
            }
            Weakness here = weaknesses.get(at);
            OptionalInt above = here == null ? OptionalInt.empty() : above(here, view);
            if (here != null && above.isEmpty()) {
                above = above(here, tree);
            }
            if (above.isEmpty()) {
                return above;
            }
            at = above.getAsInt();
        }
        throw new IllegalArgumentException("Weakness [%d] is above itself in the catalogue".formatted(at));
    }

    private static OptionalInt above(Weakness weakness, int view) {
        return weakness.parents().stream()
                .filter(parent -> parent.view() == view)
                .sorted(Comparator.comparing(parent -> !parent.primary()))
                .mapToInt(Parent::id)
                .findFirst();
    }
}
