package dev.hone.run;

import dev.hone.algorithm.GrpoPlan;
import dev.hone.train.Adaptation;
import dev.hone.train.Precision;
import dev.hone.train.TrainerSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * A job of reinforcement learning as it was asked for. Made by a command or the loop; consumed by {@link ReinforcementRun}.
 *
 * @param model a name that {@code hone model list} shows, or a path: the policy to begin with
 * @param plan course of the training
 * @param adaptation which weights are trained
 * @param microBatchTokens most tokens computed together; bounds memory
 * @param precision of the products with frozen weights
 * @param checkpointEvery wall time between checkpoints of the run
 * @param out folder of the result
 * @param resume whether to go on from the last checkpoint in it
 */
public record ReinforcementOptions(
        String model,
        GrpoPlan plan,
        Adaptation adaptation,
        int microBatchTokens,
        Precision precision,
        Duration checkpointEvery,
        Path out,
        boolean resume) {
    public ReinforcementOptions {
        TrainOptions.require(microBatchTokens, checkpointEvery);
    }

    TrainerSpec spec(Path weights) {
        return new TrainerSpec(weights, adaptation, plan.seed(), microBatchTokens, false, precision);
    }

    /** What decides the result; {@code out} and how often to save do not. */
    Map<String, String> settings() {
        Map<String, String> settings = TrainOptions.settings(adaptation);
        settings.put("model", model);
        settings.put("method", "grpo");
        settings.put("steps", Long.toString(plan.steps()));
        settings.put("prompts", Integer.toString(plan.prompts()));
        settings.put("samples", Integer.toString(plan.samples()));
        settings.put("max-tokens", Integer.toString(plan.maxTokens()));
        settings.put("temperature", Double.toString(plan.temperature()));
        settings.put("mode", plan.mode().name().toLowerCase(Locale.ROOT));
        settings.put("advantages", plan.advantages().name().toLowerCase(Locale.ROOT));
        settings.put("normalisation", plan.normalisation().name().toLowerCase(Locale.ROOT));
        settings.put("updates", Integer.toString(plan.updates()));
        settings.put("passes", Integer.toString(plan.passes()));
        settings.put("loss", plan.loss().toString());
        settings.put("importance-cap", Double.toString(plan.importanceCap()));
        settings.put("kl", Double.toString(plan.klWeight()));
        settings.put("lr", Double.toString(plan.learningRate()));
        settings.put("schedule", plan.schedule().name().toLowerCase(Locale.ROOT));
        settings.put("warmup", Double.toString(plan.warmup()));
        settings.put("max-gradient-norm", Double.toString(plan.maxGradientNorm()));
        settings.put("seed", Long.toString(plan.seed()));
        settings.put("micro-batch-tokens", Integer.toString(microBatchTokens));
        settings.put("precision", precision.name().toLowerCase(Locale.ROOT));
        return settings;
    }
}
