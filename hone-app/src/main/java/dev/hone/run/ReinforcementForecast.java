package dev.hone.run;

import java.util.Map;

/**
 * What a job of reinforcement learning will be. Made by {@link ReinforcementRun#forecast}; shown before a run and by {@code --dry-run}.
 *
 * @param settings hyper-parameters by name
 * @param tasks that are asked
 * @param promptTokens mean of a task's prompt
 * @param longestPrompt in tokens
 * @param steps samplings in all
 * @param samplesPerStep answers of a step
 * @param trainedParameters number of trained values
 * @param memoryBytes predicted peak of the worker process, and of the reference's if there is one
 * @param availableBytes memory that the machine has to give now
 */
public record ReinforcementForecast(
        Map<String, String> settings,
        int tasks,
        long promptTokens,
        int longestPrompt,
        long steps,
        long samplesPerStep,
        long trainedParameters,
        long memoryBytes,
        long availableBytes) {}
