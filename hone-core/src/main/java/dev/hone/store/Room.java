package dev.hone.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The partitions of months, made before they are written to and in a transaction of their own, which has no rows. To make one locks the tables that traces
 * refer to and that refer to traces: whoever has locks on some of these and waits for another would wait in a circle. So this one gives way,
 * before the database looks for circles (its {@code deadlock_timeout}, a second), and tries again.
 */
final class Room {
    /** For each of the few locks; all of them together are less than what the database waits. */
    private static final Duration LOCK = Duration.ofMillis(100);

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int LEAST_PAUSE_MILLIS = 20;
    private static final int MOST_PAUSE_MILLIS = 200;

    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final String DEADLOCK = "40P01";

    private Room() {}

    /** Makes those of the months in which identifiers were made; a month that retention has dropped is not begun again. */
    static void make(Database database, List<UUID> ids) {
        if (ids.isEmpty()) {
            return;
        }
        List<OffsetDateTime> missing = database.inTransaction(connection -> missing(connection, ids));
        for (OffsetDateTime month : missing) {
            make(database, month);
        }
    }

    private static List<OffsetDateTime> missing(Connection connection, List<UUID> ids) throws SQLException {
        return Rows.list(
                connection,
                """
                SELECT at
                  FROM (SELECT DISTINCT date_trunc('month', id_time(id), 'UTC') AS at FROM unnest(?::uuid[]) AS row (id)) AS months
                 WHERE EXISTS (SELECT FROM unnest(ARRAY['trace', 'trace_content', 'attempt']) AS parent
                                WHERE to_regclass(parent || to_char(at AT TIME ZONE 'UTC', '_YYYY_MM')) IS NULL)
                   AND NOT EXISTS (SELECT FROM dropped_month d WHERE d.month = (at AT TIME ZONE 'UTC')::date)
                 ORDER BY at
                """,
                row -> row.getObject(1, OffsetDateTime.class),
                Traces.array(connection, "uuid", ids, id -> id));
    }

    private static void make(Database database, OffsetDateTime month) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                database.inTransaction(connection -> {
                    Rows.change(connection, "SET LOCAL lock_timeout = " + LOCK.toMillis());
                    return Rows.first(connection, "SELECT make_room(?::timestamptz)", row -> true, month);
                });
                return;
            } catch (StoreException e) {
                if (!(e.hasState(LOCK_NOT_AVAILABLE) || e.hasState(DEADLOCK)) || System.nanoTime() - end > 0) {
                    throw e;
                }
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(ThreadLocalRandom.current().nextInt(LEAST_PAUSE_MILLIS, MOST_PAUSE_MILLIS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException("The tables of a month were not made: this was interrupted", e);
        }
    }
}
