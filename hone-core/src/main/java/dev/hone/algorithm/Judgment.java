package dev.hone.algorithm;

import dev.hone.record.Grader.Grade;
import java.util.Map;

/**
 * What a sample is worth, and why. Made by a {@link GrpoRun.Reward}; the reward is learned from, the grade says what is right.
 *
 * @param reward NaN when it cannot be judged
 * @param grade what the reward is made of: a reward may be shaped, so that wrong answers differ in it
 */
public record Judgment(double reward, Grade grade) {
    /** Of a reward that no grader stands behind: 1 and more is right. */
    public static Judgment of(double reward) {
        double score = Double.isNaN(reward) ? 0 : Math.clamp(reward, 0, 1);
        return new Judgment(reward, new Grade(score, Map.of(), ""));
    }

    boolean isMissing() {
        return Double.isNaN(reward);
    }

    boolean isRight() {
        return grade.score() == 1;
    }
}
