package dev.hone.run;

import dev.hone.algorithm.OverLong;
import dev.hone.algorithm.SftPlan;
import dev.hone.train.Adaptation;
import dev.hone.train.Precision;
import dev.hone.train.TrainerSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A training job as it was asked for. Made by a command or the loop; consumed by {@link TrainRun}.
 *
 * @param model a name that {@code hone model list} shows, or a path
 * @param plan course of the training
 * @param adaptation which weights are trained
 * @param maxTokens longest example
 * @param overLong what happens to longer ones
 * @param microBatchTokens most tokens computed together; bounds memory
 * @param checkpointing whether activations are recomputed; less memory, more time
 * @param precision of the products with frozen weights
 * @param checkpointEvery wall time between checkpoints of the run
 * @param out folder of the result
 * @param resume whether to go on from the last checkpoint in it
 * @param taught how its demonstrations ask
 */
public record TrainOptions(
        String model,
        SftPlan plan,
        Adaptation adaptation,
        int maxTokens,
        OverLong overLong,
        int microBatchTokens,
        boolean checkpointing,
        Precision precision,
        Duration checkpointEvery,
        Path out,
        boolean resume,
        Taught taught) {
    public TrainOptions {
        if (maxTokens < 2) {
            throw new IllegalArgumentException("max-tokens must be at least 2, not [" + maxTokens + "]");
        }
        require(microBatchTokens, checkpointEvery);
    }

    /** What every training keeps. */
    static void require(int microBatchTokens, Duration checkpointEvery) {
        if (microBatchTokens < 1) {
            throw new IllegalArgumentException("micro-batch-tokens must be at least 1, not [" + microBatchTokens + "]");
        }
        if (checkpointEvery.isNegative()) {
            throw new IllegalArgumentException(
                    "save-every must be 0 seconds or more, not [" + checkpointEvery.toSeconds() + "]");
        }
    }

    TrainerSpec spec(Path weights) {
        return new TrainerSpec(weights, adaptation, plan.seed(), microBatchTokens, checkpointing, precision);
    }

    /** What decides the result, by the names of the options; {@code out} and how often to save do not. */
    Map<String, String> settings() {
        Map<String, String> settings = settings(adaptation);
        settings.put("model", model);
        settings.put("method", "sft");
        settings.put("epochs", Double.toString(plan.epochs()));
        settings.put("lr", Double.toString(plan.learningRate()));
        settings.put("schedule", plan.schedule().name().toLowerCase(Locale.ROOT));
        settings.put("warmup", Double.toString(plan.warmup()));
        settings.put("batch-tokens", Integer.toString(plan.batchTokens()));
        settings.put("weight-decay", Double.toString(plan.weightDecay()));
        settings.put("max-gradient-norm", Double.toString(plan.maxGradientNorm()));
        settings.put("seed", Long.toString(plan.seed()));
        settings.put("max-tokens", Integer.toString(maxTokens));
        settings.put("over-long", overLong.name().toLowerCase(Locale.ROOT));
        settings.put("micro-batch-tokens", Integer.toString(microBatchTokens));
        settings.putAll(taught.settings());
        settings.put("precision", precision.name().toLowerCase(Locale.ROOT));
        return settings;
    }

    static Map<String, String> settings(Adaptation adaptation) {
        Map<String, String> settings = new TreeMap<>();
        switch (adaptation) {
            case Adaptation.Lora lora -> {
                settings.put("adaptation", "lora");
                settings.put("lora-rank", Integer.toString(lora.rank()));
                settings.put("lora-alpha", Double.toString(lora.alpha()));
                settings.put("lora-dropout", Double.toString(lora.dropout()));
            }
            case Adaptation.Full() -> settings.put("adaptation", "full");
        }
        return settings;
    }
}
