package dev.hone.grade;

import dev.hone.record.Grader;
import dev.hone.record.Task;
import java.util.Map;
import java.util.Optional;

/**
 * {@code numeric}: whether the number that an output gives as its answer is the reference's, in whatever notation: thousands
 * separators, units, fractions, percent, powers of ten, LaTeX.
 */
public final class NumericGrader implements Grader {
    private final double tolerance;

    /** @param tolerance largest difference, as a share of the right number */
    public NumericGrader(double tolerance) {
        if (!(tolerance >= 0 && tolerance < 1)) {
            throw new IllegalArgumentException("A tolerance is in [0, 1), not [" + tolerance + "]");
        }
        this.tolerance = tolerance;
    }

    /** Whether a text is a number alone, or marks one as its answer: then it can be a reference. */
    public static boolean gives(String text) {
        return NumericAnswer.isGivenBy(text);
    }

    /**
     * The number that is right.
     *
     * @throws IllegalArgumentException when the task's reference has none
     */
    static NumericAnswer right(Task task) {
        return NumericAnswer.in(task.reference())
                .orElseThrow(() -> new IllegalArgumentException(
                        "Task [%s] has a reference without a number: [%s]".formatted(task.id(), task.reference())));
    }

    /** @throws IllegalArgumentException when the task's reference has no number */
    @Override
    public Grade grade(Task task, String output) {
        NumericAnswer right = right(task);
        Optional<NumericAnswer> given = NumericAnswer.in(output);
        if (given.isEmpty()) {
            return new Grade(0, Map.of("number", 0.0), "The output gives no number as its answer");
        }
        boolean same = given.get().equals(right, tolerance);
        return new Grade(
                same ? 1 : 0,
                Map.of("number", 1.0),
                same
                        ? ""
                        : "Answers [%s] instead of [%s]"
                                .formatted(
                                        given.get().value().toPlainString(),
                                        right.value().toPlainString()));
    }
}
