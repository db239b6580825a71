package dev.hone.grade;

import dev.hone.record.Grader;
import dev.hone.record.Task;
import java.util.Locale;
import java.util.Map;

/** {@code string_check}: compares an output with the task's reference as texts, both without white space around them. */
public final class StringCheckGrader implements Grader {
    private final Operation operation;

    /** What makes an output right; the names are OpenAI's. */
    public enum Operation {
        /** Equal to the character. */
        EQ,
        /** Not equal. */
        NE,
        /** Contains the reference. */
        LIKE,
        /** Contains the reference in whatever case. */
        ILIKE
    }

    public StringCheckGrader(Operation operation) {
        this.operation = operation;
    }

    @Override
    public Grade grade(Task task, String output) {
        String given = output.strip();
        String right = task.reference().strip();
        boolean passed = switch (operation) {
            case EQ -> given.equals(right);
            case NE -> !given.equals(right);
            case LIKE -> given.contains(right);
            case ILIKE -> given.toLowerCase(Locale.ROOT).contains(right.toLowerCase(Locale.ROOT));
        };
        return new Grade(
                passed ? 1 : 0,
                Map.of(),
                passed
                        ? ""
                        : "[%s] of [%s] does not hold"
                                .formatted(operation.name().toLowerCase(Locale.ROOT), right));
    }
}
