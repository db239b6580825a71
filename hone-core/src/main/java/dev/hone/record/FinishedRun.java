package dev.hone.record;

import java.time.Instant;

/**
 * A training job that came to its end. Made from the manifest in a run's folder; kept by the store.
 *
 * @param manifestHash SHA-256 of the manifest, by which the run is known again
 * @param dataHash of what was learned from, as the manifest has it
 * @param examples number of rows or tasks
 * @param baseModel as it was given: a name, a path, or a version
 * @param baseModelHash SHA-256 of its weights
 * @param settings hyper-parameters, as a JSON object
 * @param training how it went, as a JSON object
 * @param versions of what computed it, as a JSON object
 */
public record FinishedRun(
        String manifestHash,
        String dataHash,
        int examples,
        String baseModel,
        String baseModelHash,
        String settings,
        String training,
        String versions,
        Instant finished) {}
