package dev.hone.record;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A dataset in a lineage. Read from the store.
 *
 * @param train rows to learn from that it has now; 0 where they are gone
 * @param rebuilt hash of the dataset that it is without some rows that were forgotten; null where nothing was forgotten, or nothing was left
 * @param forgotten null where no rows of it were forgotten
 */
public record DatasetNode(
        UUID id,
        String useCase,
        String hash,
        Instant created,
        int train,
        int validation,
        int test,
        @Nullable String rebuilt,
        @Nullable ForgottenRows forgotten) {
    /** All rows. */
    public int rows() {
        return train + validation + test;
    }
}
