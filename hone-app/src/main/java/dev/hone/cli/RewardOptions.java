package dev.hone.cli;

import dev.hone.algorithm.Advantages;
import dev.hone.algorithm.GrpoPlan;
import dev.hone.algorithm.Normalisation;
import dev.hone.algorithm.Schedule;
import dev.hone.record.Loss;
import dev.hone.record.SamplingMode;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How {@code hone train --method grpo} learns from rewards; the defaults are what the second stage of the demo does. */
final class RewardOptions {
    /** What means nothing where there are only demonstrations. */
    static final List<String> NAMES = List.of(
            "--charter",
            "--steps",
            "--prompts",
            "--samples",
            "--temperature",
            "--mode",
            "--advantages",
            "--normalisation",
            "--updates",
            "--passes",
            "--clip-low",
            "--clip-high",
            "--importance-cap",
            "--kl");

    /** Where a disliked token that has become more probable is let go (dual clip, Ye et al. 2020). */
    private static final double DUAL = 3;

    /** Above 1 gradients are scaled down. */
    private static final double MOST_GRADIENT = 1;

    @Option(
            names = "--charter",
            paramLabel = "FILE",
            description = "grpo: what the use case is for (docs/charter.md); its grader rewards answers.")
    private @Nullable Path charter;

    @Option(names = "--steps", defaultValue = "50", description = "grpo: samplings (default ${DEFAULT-VALUE}).")
    private long steps;

    @Option(
            names = "--prompts",
            defaultValue = "16",
            paramLabel = "N",
            description = "grpo: tasks of a step (default ${DEFAULT-VALUE}).")
    private int prompts;

    @Option(
            names = "--samples",
            defaultValue = "8",
            paramLabel = "N",
            description = "grpo: answers to each task, which are each other's baseline (default ${DEFAULT-VALUE}).")
    private int samples;

    @Option(
            names = "--temperature",
            defaultValue = "1",
            description = "grpo: of the answers; the loss is computed at the same (default ${DEFAULT-VALUE}).")
    private double temperature;

    @Option(
            names = "--mode",
            defaultValue = "fast",
            description =
                    "grpo: how answers are drawn: fast (int8, its differences corrected by importance weights) or exact"
                            + " (fp32) (default ${DEFAULT-VALUE}).")
    private SamplingMode mode = SamplingMode.FAST;

    @Option(
            names = "--advantages",
            defaultValue = "centred",
            description =
                    "grpo: of a reward over its group: centred (reward - mean; Dr.GRPO), standardised (over the deviation,"
                            + " too; GRPO, DAPO) or leave_one_out (over the mean of the others; RLOO) (default"
                            + " ${DEFAULT-VALUE}).")
    private Advantages advantages = Advantages.CENTRED;

    @Option(
            names = "--normalisation",
            defaultValue = "tokens",
            description =
                    "grpo: what the loss is divided by: tokens (of all answers; DAPO), constant (answers times --max-tokens;"
                            + " Dr.GRPO) or sequence (each answer by its own length; GRPO) (default ${DEFAULT-VALUE}).")
    private Normalisation normalisation = Normalisation.TOKENS;

    @Option(
            names = "--updates",
            defaultValue = "8",
            paramLabel = "N",
            description =
                    "grpo: optimiser steps of a pass, each on some of the tasks; at most --prompts (default ${DEFAULT-VALUE}).")
    private int updates;

    @Option(
            names = "--passes",
            defaultValue = "1",
            paramLabel = "N",
            description = "grpo: passes over the answers of a step (default ${DEFAULT-VALUE}).")
    private int passes;

    @Option(
            names = "--clip-low",
            defaultValue = "0.2",
            paramLabel = "E",
            description =
                    "grpo: a disliked token is let go once its probability fell by this share (default ${DEFAULT-VALUE}).")
    private double clipLow;

    @Option(
            names = "--clip-high",
            defaultValue = "0.28",
            paramLabel = "E",
            description = "grpo: a liked token once it rose by this share (default ${DEFAULT-VALUE}).")
    private double clipHigh;

    @Option(
            names = "--importance-cap",
            defaultValue = "2",
            paramLabel = "W",
            description = "grpo: most that a token weighs more because the sampler was not quite the trainer (default"
                    + " ${DEFAULT-VALUE}).")
    private double importanceCap;

    @Option(
            names = "--kl",
            defaultValue = "0",
            paramLabel = "W",
            description =
                    "grpo: what a nat a token from the model that the run began with costs of the reward; above 0 a second"
                            + " worker holds that model (default ${DEFAULT-VALUE}).")
    private double klWeight;

    /** @throws IllegalArgumentException when none was named */
    Path charter() {
        if (charter == null) {
            throw new IllegalArgumentException(
                    "--method grpo learns from what a charter calls good: name it with --charter FILE (docs/charter.md)");
        }
        return charter;
    }

    /**
     * The course of the training.
     *
     * @param maxTokens of an answer
     * @param endTokens of the model
     * @throws IllegalArgumentException when a value is none that it can have
     */
    GrpoPlan plan(int maxTokens, List<Integer> endTokens, double rate, Schedule schedule, double warmup, long seed) {
        return new GrpoPlan(
                steps,
                prompts,
                samples,
                maxTokens,
                temperature,
                endTokens,
                mode,
                advantages,
                normalisation,
                updates,
                passes,
                new Loss.Ppo(clipLow, clipHigh, DUAL),
                importanceCap,
                klWeight,
                rate,
                schedule,
                warmup,
                MOST_GRADIENT,
                seed);
    }
}
