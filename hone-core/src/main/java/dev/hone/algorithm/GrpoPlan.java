package dev.hone.algorithm;

import dev.hone.record.AdamParams;
import dev.hone.record.Loss;
import dev.hone.record.SamplingMode;
import java.util.List;

/**
 * What decides the course of group-relative policy optimisation, apart from prompts, reward and model.
 *
 * @param steps batches of samples
 * @param prompts of a step
 * @param samples of a prompt
 * @param maxTokens of a sample
 * @param temperature of the sampler, above 0
 * @param stopTokens that end a sample
 * @param mode of the sampler; in fast mode its differences from the trainer are corrected
 * @param advantages of samples against their group
 * @param normalisation of the loss
 * @param updates optimiser steps of a pass, each on some of the prompts
 * @param passes over the samples of a step; after the first update of the first, the loss clips
 * @param loss of a token
 * @param importanceCap most that a token weighs more because the trainer likes it better than the sampler did
 * @param klWeight what a nat a token from the reference costs of the reward; 0 means no reference
 * @param learningRate highest rate
 * @param schedule how it moves
 * @param warmup share of the steps over which it rises, in [0, 1)
 * @param maxGradientNorm above which gradients are scaled down; 0 means no clipping
 * @param seed of the order of prompts, and of samples
 */
public record GrpoPlan(
        long steps,
        int prompts,
        int samples,
        int maxTokens,
        double temperature,
        List<Integer> stopTokens,
        SamplingMode mode,
        Advantages advantages,
        Normalisation normalisation,
        int updates,
        int passes,
        Loss loss,
        double importanceCap,
        double klWeight,
        double learningRate,
        Schedule schedule,
        double warmup,
        double maxGradientNorm,
        long seed) {
    public GrpoPlan {
        stopTokens = List.copyOf(stopTokens);
        require(steps >= 1, "steps", steps, "at least 1");
        require(prompts >= 1, "prompts", prompts, "at least 1");
        require(samples >= 2, "samples", samples, "at least 2: they are each other's baseline");
        require(maxTokens >= 1, "max-tokens", maxTokens, "at least 1");
        require(temperature > 0 && temperature <= 100, "temperature", temperature, "above 0 and at most 100");
        require(updates >= 1 && updates <= prompts, "updates", updates, "1 to the number of prompts");
        require(passes >= 1 && passes <= 100, "passes", passes, "1 to 100");
        require(importanceCap > 0, "importance-cap", importanceCap, "above 0");
        require(klWeight >= 0 && klWeight < Double.POSITIVE_INFINITY, "kl", klWeight, "0 (no reference) or more");
        require(learningRate > 0 && learningRate < 1, "lr", learningRate, "above 0 and below 1");
        require(warmup >= 0 && warmup < 1, "warmup", warmup, "a share of the steps in [0, 1)");
        require(maxGradientNorm >= 0, "max-gradient-norm", maxGradientNorm, "0 (no clipping) or more");
        require(loss.needsDraw(), "loss", loss.getClass().getSimpleName(), "one that uses advantages");
    }

    /** AdamW's parameters at a step, counted from 0. */
    AdamParams adam(long step) {
        double rate = learningRate * schedule.factor(step, Math.round(warmup * steps), steps);
        return new AdamParams(rate, 0.9, 0.999, 1e-8, 0, maxGradientNorm);
    }

    private static void require(boolean holds, String name, Object value, String rule) {
        if (!holds) {
            throw new IllegalArgumentException("%s must be %s, not [%s]".formatted(name, rule, value));
        }
    }
}
