package dev.hone.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What made a trained model: {@code hone-run.json} in its folder, written last, so a folder with it is complete. Made by
 * {@link TrainRun} or {@link ReinforcementRun}; read to find the base model again.
 *
 * @param schemaVersion of this file
 * @param baseModel as it was given: a name or a path
 * @param dataHash SHA-256 of the training file
 * @param rows number of examples trained on
 * @param settings hyper-parameters by name, the seed among them
 * @param training how it went
 * @param versions of Hone, Java, and the libraries that compute
 */
public record Manifest(
        int schemaVersion,
        String baseModel,
        String dataHash,
        int rows,
        Map<String, String> settings,
        Training training,
        Map<String, String> versions) {
    static final int SCHEMA = 1;
    static final String FILE = "hone-run.json";
    static final String MODEL_HASH = "model-sha256";

    /** SHA-256 of the base model's weights. */
    public String modelHash() {
        return settings.getOrDefault(MODEL_HASH, "");
    }

    /**
     * @param steps optimiser steps
     * @param epochs passes over the data
     * @param tokens positions of the rows
     * @param tokensPerSecond of wall time in the steps, checkpoints left out
     * @param finalLoss mean over the last tenth of the steps; of demonstrations, in nats a trained token
     * @param wallSeconds of the process that finished the run
     * @param finalReward mean over the last tenth of the steps; null where there were only demonstrations
     * @param peakMemoryBytes of the worker process
     */
    public record Training(
            long steps,
            double epochs,
            long tokens,
            double tokensPerSecond,
            double finalLoss,
            double wallSeconds,
            @Nullable Double finalReward,
            long peakMemoryBytes) {
        /** Wall time of all steps, those before an interruption among them; checkpoints and the worker's start left out. */
        double secondsOfSteps() {
            return tokensPerSecond == 0 ? 0 : tokens / tokensPerSecond;
        }
    }

    void write(Path folder) throws IOException {
        JsonFile.write(folder.resolve(FILE), this);
    }

    /** The manifest of a folder; empty when it was not made by a finished run. */
    public static Optional<Manifest> read(Path folder) throws IOException {
        return JsonFile.read(folder.resolve(FILE), Manifest.class);
    }
}
