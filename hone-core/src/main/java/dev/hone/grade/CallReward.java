package dev.hone.grade;

import dev.hone.record.Grader.Grade;

/**
 * What a call is worth while a model learns: 1 when it is right, and less than half when it is wrong, the more the nearer it
 * came. So being right always pays more than being nearly right, and a group of wrong calls can still teach.
 */
public final class CallReward {
    private static final double VALID = 0.05;
    private static final double FUNCTION = 0.15;
    private static final double ARGUMENTS = 0.2;

    private CallReward() {}

    /** @param grade of a {@link ToolCallGrader} */
    public static double of(Grade grade) {
        if (grade.score() == 1) {
            return 1;
        }
        double arguments = grade.parts().entrySet().stream()
                .filter(part -> part.getKey().startsWith(ToolCallGrader.ARGUMENT))
                .mapToDouble(part -> part.getValue())
                .average()
                .orElse(0);
        return VALID * grade.parts().getOrDefault(ToolCallGrader.VALID, 0.0)
                + FUNCTION * grade.parts().getOrDefault(ToolCallGrader.FUNCTION, 0.0)
                + ARGUMENTS * arguments;
    }
}
