package dev.hone.record;

import java.util.Map;

/** A pure function of a task and an output. Never throws because of the output. */
@FunctionalInterface
public interface Grader {
    Grade grade(Task task, String output);

    /**
     * A judgment.
     *
     * @param score in [0, 1]
     * @param parts named sub-scores, each in [0, 1]
     * @param reason why the score is not 1; empty otherwise
     */
    record Grade(double score, Map<String, Double> parts, String reason) {
        public Grade {
            if (!(score >= 0 && score <= 1)) {
                throw new IllegalArgumentException("A score is in [0, 1], not [" + score + "]");
            }
            parts = Map.copyOf(parts);
        }
    }
}
