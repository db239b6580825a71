package dev.hone.run;

import dev.hone.evaluate.Judged;
import java.util.List;

/**
 * What is known of a study so far. Made by {@link Study}; shown by a command and a page.
 *
 * @param report the figures
 * @param judged contenders with their answers, over all folds with seed 1, in the pooled report's order
 */
public record StudyOutcome(StudyReport report, List<Judged> judged) {
    public StudyOutcome {
        judged = List.copyOf(judged);
    }
}
