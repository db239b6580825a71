package dev.hone.store;

import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/** Calls that were drawn by chance to judge versions by. */
public final class DrawnCalls {
    private final Database database;

    public DrawnCalls(Database database) {
        this.database = database;
    }

    /** Whether a call is one of them. */
    public boolean has(UUID trace) {
        return database.inTransaction(connection -> Rows.first(
                        connection, "SELECT 1 FROM watched_call WHERE trace = ? AND drawn", row -> true, trace)
                .isPresent());
    }

    /**
     * Those of a use case that somebody answered when they were asked. What came otherwise, such as what a user corrected, is none of it: whoever gave that chose
     * the call.
     */
    public Set<UUID> answered(UUID useCase) {
        return database.inTransaction(
                connection -> new HashSet<>(Rows.list(connection, """
                SELECT w.trace FROM watched_call w
                 WHERE w.use_case = ? AND w.drawn
                   AND EXISTS (SELECT FROM label l WHERE l.trace = w.trace AND l.undone IS NULL AND l.kind = 'demonstration')
                """, row -> Rows.id(row, 1), useCase)));
    }
}
