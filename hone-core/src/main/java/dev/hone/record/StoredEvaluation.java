package dev.hone.record;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A report that judges model versions. Read from the store.
 *
 * @param contentHash SHA-256 of the report
 * @param dataHash of what was judged on, as the report has it
 * @param grader name of the definition of good; null when it was not said
 * @param report the file as it was written, a JSON object
 */
public record StoredEvaluation(
        UUID id,
        String contentHash,
        String dataHash,
        long seed,
        @Nullable String grader,
        String report,
        Instant created) {}
