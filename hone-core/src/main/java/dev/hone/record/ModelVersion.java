package dev.hone.record;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A trained model that is never changed, with where it came from. Read from the store.
 *
 * @param number within its use case, from 1
 * @param run that made it
 * @param dataset hash of the frozen dataset that the run learned from; null where it is not one of the store's
 * @param artifact SHA-256 of its files, and the name of their folder
 * @param parent reference of the version that the run began with; null when it began with a base model
 * @param aliases that point at it now
 * @param evaluations number of reports that judge it
 */
public record ModelVersion(
        UUID id,
        UUID useCaseId,
        String useCase,
        int number,
        FinishedRun run,
        UUID runId,
        @Nullable String dataset,
        String artifact,
        @Nullable String parent,
        List<String> aliases,
        int evaluations,
        Instant created) {
    public ModelVersion {
        aliases = List.copyOf(aliases);
    }

    /** As users write it: {@code use-case/number}. */
    public String reference() {
        return new VersionReference.Numbered(useCase, number).text();
    }
}
