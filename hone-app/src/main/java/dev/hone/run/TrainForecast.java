package dev.hone.run;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a training job will be: the resolved plan with its prediction. Made by {@link TrainRun#forecast}; shown before a run
 * and by {@code --dry-run}.
 *
 * @param settings hyper-parameters by name
 * @param rows examples that are trained on
 * @param badLines of the file, left out
 * @param truncated examples whose end was cut off
 * @param dropped examples left out because they were too long
 * @param untrained examples left out because nothing of them is trained
 * @param lastTurnOnly examples of which only the last assistant turn is trained, because the template rewrites history
 * @param tokensPerEpoch positions of all rows
 * @param computedPerEpoch of these, about how many are computed: beginnings that rows of a step have in common are once
 * @param steps optimiser steps in all
 * @param trainedParameters number of trained values
 * @param memoryBytes predicted peak of the worker process
 * @param availableBytes memory that the machine has to give now
 * @param seconds predicted wall time of the steps; null unless the machine's ceiling was measured
 */
public record TrainForecast(
        Map<String, String> settings,
        int rows,
        int badLines,
        int truncated,
        int dropped,
        int untrained,
        int lastTurnOnly,
        long tokensPerEpoch,
        long computedPerEpoch,
        long steps,
        long trainedParameters,
        long memoryBytes,
        long availableBytes,
        @Nullable Double seconds) {

    TrainForecast withSeconds(double predicted) {
        return new TrainForecast(
                settings,
                rows,
                badLines,
                truncated,
                dropped,
                untrained,
                lastTurnOnly,
                tokensPerEpoch,
                computedPerEpoch,
                steps,
                trainedParameters,
                memoryBytes,
                availableBytes,
                predicted);
    }
}
