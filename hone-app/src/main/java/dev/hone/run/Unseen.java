package dev.hone.run;

import dev.hone.record.Task;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Judged tasks of classes that none is of that is learned from, since all rows of such a class must stay together: nobody can learn to be right there.
 *
 * @param tasks how many
 * @param classes theirs
 */
record Unseen(int tasks, Set<String> classes) {
    private static final int SHOWN = 5;

    Unseen {
        classes = Set.copyOf(classes);
    }

    /** Empty where answers have no classes. */
    static Optional<Unseen> of(UseCase useCase, List<Task> train, List<Task> test) {
        if (!useCase.hasClasses()) {
            return Optional.empty();
        }
        Set<String> learned =
                train.stream().map(task -> task.require(useCase.part())).collect(Collectors.toSet());
        List<String> unseen = test.stream()
                .map(task -> task.require(useCase.part()))
                .filter(name -> !learned.contains(name))
                .toList();
        return Optional.of(new Unseen(unseen.size(), Set.copyOf(unseen)));
    }

    /** For people; empty where there are none. */
    Optional<String> told() {
        return tasks == 0
                ? Optional.empty()
                : Optional.of(
                        "[%d] judged rows are of [%d] classes that training never sees, since all rows of these are alike: %s%s; give more rows of them that differ"
                                .formatted(
                                        tasks,
                                        classes.size(),
                                        classes.stream()
                                                .sorted()
                                                .limit(SHOWN)
                                                .map("[%s]"::formatted)
                                                .collect(Collectors.joining(", ")),
                                        classes.size() > SHOWN ? ", …" : ""));
    }
}
