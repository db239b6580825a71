package dev.hone.grade;

import dev.hone.grade.Corruption.Corrupted;
import dev.hone.record.Grader;
import dev.hone.record.Grader.Grade;
import dev.hone.record.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Whether a grader can be believed: it must give a task's reference 1, and a corrupted reference less. What it reports is a
 * fault of the definition of good, or of the row.
 */
public final class GoldCheck {
    private static final int MOST_SHOWN = 200;

    private GoldCheck() {}

    /**
     * What a check found.
     *
     * @param tasks that were checked
     * @param corrupted outputs that were tried
     * @param failures tasks of which the reference or a corrupted one is misjudged
     * @param refused tasks whose reference may not be written: whoever answers under their own schema cannot be right
     */
    public record Result(int tasks, int corrupted, List<Failure> failures, List<Failure> refused) {
        public Result {
            failures = List.copyOf(failures);
            refused = List.copyOf(refused);
        }
    }

    /** A task on which the grader or the schema fails, and how. */
    public record Failure(String task, String reason) {
        /** For a sentence about several, of which it is the first. */
        @Override
        public String toString() {
            return "[%s] %s".formatted(task, reason);
        }
    }

    /**
     * Where every answer may be written.
     *
     * @throws IllegalArgumentException when there is no task
     */
    public static Result of(GraderDefinition definition, List<Task> tasks) {
        return of(definition, tasks, task -> Optional.empty());
    }

    /**
     * Where a schema says what may be written.
     *
     * @param refusal why the reference of a task may not; empty for one that may
     * @throws IllegalArgumentException when there is no task
     */
    public static Result of(GraderDefinition definition, List<Task> tasks, Function<Task, Optional<String>> refusal) {
        if (tasks.isEmpty()) {
            throw new IllegalArgumentException("A grader cannot be checked without a task that has a reference");
        }
        Grader grader = definition.grader();
        Corruption corruption = definition.corruption();
        List<Failure> failures = new ArrayList<>();
        int corrupted = 0;
        for (Task task : tasks) {
            try {
                Optional<String> wrong = misjudgedReference(grader, task);
                List<Corrupted> all = wrong.isEmpty() ? corruption.of(task) : List.of();
                corrupted += all.size();
                wrong.or(() -> misjudgedCorruption(grader, task, all))
                        .ifPresent(reason -> failures.add(new Failure(task.id(), reason)));
            } catch (IllegalArgumentException e) {
                failures.add(new Failure(task.id(), String.valueOf(e.getMessage())));
            }
        }
        List<Failure> refused = new ArrayList<>();
        for (Task task : tasks) {
            refusal.apply(task).ifPresent(reason -> refused.add(new Failure(task.id(), shown(reason))));
        }
        return new Result(tasks.size(), corrupted, failures, refused);
    }

    private static Optional<String> misjudgedReference(Grader grader, Task task) {
        Grade grade = grader.grade(task, task.reference());
        return grade.score() == 1
                ? Optional.empty()
                : Optional.of("The reference [%s] scores [%s] instead of 1: %s"
                        .formatted(shown(task.reference()), grade.score(), grade.reason()));
    }

    private static Optional<String> misjudgedCorruption(Grader grader, Task task, List<Corrupted> corrupted) {
        return corrupted.stream()
                .filter(one -> one.outputs().stream()
                        .allMatch(output -> grader.grade(task, output).score() == 1))
                .findFirst()
                .map(one -> "A corrupted reference (%s) scores 1 too: [%s]"
                        .formatted(one.kind(), shown(one.outputs().getFirst())));
    }

    private static String shown(String text) {
        return text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "…";
    }
}
