package dev.hone.grade;

import dev.hone.record.Grader;
import dev.hone.record.Task;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code taxonomy}: credit by distance in a tree of classes (Wu and Palmer 1994): twice the depth of the deepest class that is
 * above both, over the sum of their depths; a root has depth 1. The right class scores 1, one in another tree 0.
 */
public final class TaxonomyGrader implements Grader {
    private final Map<String, List<String>> ways = new HashMap<>();
    private final LabelGrader labels;

    /**
     * @param parents the class above each; roots are not in it
     * @throws IllegalArgumentException when a class is above itself
     */
    public TaxonomyGrader(Map<String, String> parents) {
        Set<String> all = new HashSet<>(parents.keySet());
        all.addAll(parents.values());
        for (String name : all) {
            ways.put(name, way(name, parents));
        }
        Map<String, List<String>> names = new HashMap<>();
        all.forEach(name -> names.put(name, List.of()));
        labels = new LabelGrader(names);
    }

    /** From the root to a class. */
    private static List<String> way(String name, Map<String, String> parents) {
        List<String> way = new ArrayList<>();
        @Nullable String at = name;
        while (at != null) {
            if (way.contains(at)) {
                throw new IllegalArgumentException("Class [%s] is above itself in the tree".formatted(at));
            }
            way.add(at);
            at = parents.get(at);
        }
        return way.reversed();
    }

    /** @throws IllegalArgumentException when the task's reference is no class */
    @Override
    public Grade grade(Task task, String output) {
        List<String> right = Objects.requireNonNull(ways.get(labels.right(task)));
        List<String> given = ways.get(labels.classOf(output));
        if (given == null) {
            return new Grade(0, Map.of("known", 0.0, "exact", 0.0), "The output is none of the classes");
        }
        int common = 0;
        while (common < Math.min(right.size(), given.size())
                && right.get(common).equals(given.get(common))) {
            common++;
        }
        double score = 2.0 * common / (right.size() + given.size());
        return new Grade(
                score,
                Map.of("known", 1.0, "exact", score == 1 ? 1.0 : 0.0),
                score == 1 ? "" : "[%s] instead of [%s]".formatted(given.getLast(), right.getLast()));
    }
}
