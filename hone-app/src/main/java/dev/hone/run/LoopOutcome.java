package dev.hone.run;

import dev.hone.evaluate.Confusion;
import dev.hone.evaluate.Judged;
import dev.hone.evaluate.Report;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came out of a loop. Made by {@link Loop}; shown by a command and a page.
 *
 * @param report the figures
 * @param judged contenders with their answers, in the report's order
 * @param floors how many of them, from the first on, need no language model
 * @param others how many, from the first on, were not trained here
 * @param models folders of the trained models, the last one the result
 * @param losses of the demonstrations, one a step
 * @param rewards mean of each step; empty without reinforcement
 * @param confusion of the trained model with all that it may say; null where answers have no classes
 * @param tried answers of its last step, some
 */
public record LoopOutcome(
        Report report,
        List<Judged> judged,
        int floors,
        int others,
        List<Path> models,
        double[] losses,
        double[] rewards,
        @Nullable Confusion confusion,
        List<ReinforcementRun.Tried> tried) {
    public LoopOutcome {
        models = List.copyOf(models);
    }

    /** Folder of the model that was trained last. */
    public Path model() {
        return models.getLast();
    }
}
