package dev.hone.store;

import dev.hone.record.Ids;
import java.time.Instant;
import java.util.UUID;

/** Work on rounds of the loop, by process: from when until when each was seen at it, whatever came of it. */
public final class LoopAttempts {
    private final Database database;

    public LoopAttempts(Database database) {
        this.database = database;
    }

    /** Somebody begins to work on a round of a use case. */
    public UUID begin(UUID useCase) {
        UUID id = Ids.next();
        database.inTransaction(connection ->
                Rows.change(connection, "INSERT INTO loop_attempt (id, use_case) VALUES (?, ?)", id, useCase));
        return id;
    }

    /** They are still at it. */
    public void seen(UUID attempt) {
        database.inTransaction(connection -> Rows.change(
                connection, "UPDATE loop_attempt SET seen = greatest(seen, clock_timestamp()) WHERE id = ?", attempt));
    }

    /** What all attempts at rounds of a use case took since a moment. */
    public double secondsSince(UUID useCase, Instant from) {
        return database.inTransaction(
                        connection -> Rows.first(connection, """
                        SELECT coalesce(sum(extract(epoch FROM seen - greatest(began, ?::timestamptz))), 0)::float8
                          FROM loop_attempt WHERE use_case = ? AND seen > ?
                        """, row -> row.getDouble(1), from, useCase, from))
                .orElse(0.0);
    }
}
