package dev.hone.record;

import java.time.Instant;

/**
 * Rows of a dataset that somebody wished to be forgotten. Read from the store.
 *
 * @param dataset its hash
 * @param when they went
 */
public record ForgottenRows(String dataset, int train, int validation, int test, Instant when) {
    /** All of them. */
    public int rows() {
        return train + validation + test;
    }

    /** For people. */
    public String sentence() {
        return "%d of its rows to learn from, %d to choose by and %d to judge by were forgotten on %s (dataset %s)"
                .formatted(train, validation, test, when.toString().substring(0, 10), dataset.substring(0, 12));
    }
}
