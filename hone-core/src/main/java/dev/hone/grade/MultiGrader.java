package dev.hone.grade;

import dev.hone.record.Grader;
import dev.hone.record.Task;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** {@code multi}: the weighted mean of several graders, each a named part. */
public final class MultiGrader implements Grader {
    private final List<Part> parts;

    /**
     * One of the graders.
     *
     * @param weight above 0
     */
    public record Part(String name, Grader grader, double weight) {
        public Part {
            if (!(weight > 0 && weight < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("Weight of [%s] must be above 0, not [%s]".formatted(name, weight));
            }
        }
    }

    /** @throws IllegalArgumentException when there is none, or two have one name */
    public MultiGrader(List<Part> parts) {
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("A multi grader needs at least one part");
        }
        if (parts.stream().map(Part::name).distinct().count() < parts.size()) {
            throw new IllegalArgumentException("Two parts of a multi grader have one name: "
                    + parts.stream().map(Part::name).collect(Collectors.joining(", ")));
        }
        this.parts = List.copyOf(parts);
    }

    /** Sub-scores are named {@code part} and {@code part.sub-score}. */
    @Override
    public Grade grade(Task task, String output) {
        Map<String, Double> scores = new LinkedHashMap<>();
        StringBuilder reasons = new StringBuilder();
        double sum = 0;
        double weights = 0;
        for (Part part : parts) {
            Grade grade = part.grader().grade(task, output);
            scores.put(part.name(), grade.score());
            grade.parts().forEach((name, score) -> scores.put(part.name() + "." + name, score));
            if (!grade.reason().isEmpty()) {
                reasons.append(reasons.isEmpty() ? "" : "; ")
                        .append(part.name())
                        .append(": ")
                        .append(grade.reason());
            }
            sum += part.weight() * grade.score();
            weights += part.weight();
        }
        // Rounding may exceed 1 by the last digit.
        return new Grade(Math.min(1, sum / weights), scores, reasons.toString());
    }
}
