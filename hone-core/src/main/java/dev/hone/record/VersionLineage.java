package dev.hone.record;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a model version came from, how it was judged, and where it was used; what it answered is {@link VersionTraffic}. Read from the store.
 *
 * @param parents what it began with, the nearest first
 * @param children references of versions that began with it
 * @param dataset that its run learned from; null where that is none of the store's
 * @param traces rows of that dataset
 * @param evaluations the newest first
 * @param verdicts of its gates, the newest first
 * @param aliases when which alias pointed at it, the first first
 * @param rollouts in which it was the candidate, the newest first
 * @param forgotten rows that it saw, directly or by what it began with, and that were forgotten since
 */
public record VersionLineage(
        ModelVersion version,
        List<ModelVersion> parents,
        List<String> children,
        @Nullable DatasetNode dataset,
        List<DatasetLineage.Row> traces,
        List<StoredEvaluation> evaluations,
        List<GateVerdict> verdicts,
        List<Pointed> aliases,
        List<StoredRollout> rollouts,
        List<ForgottenRows> forgotten) {
    public VersionLineage {
        parents = List.copyOf(parents);
        children = List.copyOf(children);
        traces = List.copyOf(traces);
        evaluations = List.copyOf(evaluations);
        verdicts = List.copyOf(verdicts);
        aliases = List.copyOf(aliases);
        rollouts = List.copyOf(rollouts);
        forgotten = List.copyOf(forgotten);
    }

    /**
     * A time in which an alias pointed at it.
     *
     * @param to null where it does still
     * @param who made it point there
     */
    public record Pointed(
            String alias, Instant from, @Nullable Instant to, String who) {}

    /** Whether it saw rows that were forgotten. */
    public boolean sawForgotten() {
        return !forgotten.isEmpty();
    }
}
