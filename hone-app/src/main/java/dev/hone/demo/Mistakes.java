package dev.hone.demo;

import dev.hone.record.Task;
import dev.hone.run.UseCase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** How somebody errs: with the answer of another task of the same tool, or where they are all the same, of any other. */
final class Mistakes {
    private final UseCase useCase;
    private final Map<String, List<Task>> byPart = new HashMap<>();

    Mistakes(UseCase useCase) {
        this.useCase = useCase;
        useCase.data()
                .tasks()
                .forEach(task -> byPart.computeIfAbsent(task.require(useCase.part()), part -> new ArrayList<>())
                        .add(task));
    }

    /** A task with another answer. */
    Task insteadOf(Task task, SplittableRandom random) {
        List<Task> near = others(task, byPart.getOrDefault(task.require(useCase.part()), List.of()));
        List<Task> all = near.isEmpty() ? others(task, useCase.data().tasks()) : near;
        return all.get(random.nextInt(all.size()));
    }

    private static List<Task> others(Task task, List<Task> among) {
        return among.stream()
                .filter(other -> !other.reference().equals(task.reference()))
                .toList();
    }
}
