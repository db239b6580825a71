package dev.hone.store;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What tests put into the database that nothing else makes yet, and what they see there. */
public final class StoreFixture {
    private StoreFixture() {}

    /** Runs a statement. */
    public static int change(Database database, String sql, Object... values) {
        return database.inTransaction(connection -> Rows.change(connection, sql, values));
    }

    /** The first column of all rows. */
    public static List<String> texts(Database database, String sql) {
        return database.inTransaction(connection -> Rows.list(connection, sql, row -> row.getString(1)));
    }

    /** Time goes by for all that is watched of a use case, what was said of it, and which version is live. */
    public static void pass(Database database, UUID useCase, Duration time) {
        double seconds = time.toSeconds();
        for (String column : List.of(
                "watched_call SET recorded = recorded",
                "watch_reference SET taken = taken",
                "watch_look SET at = at",
                "feedback SET created = created",
                "alias SET changed = changed")) {
            change(database, "UPDATE " + column + " - make_interval(secs => ?) WHERE use_case = ?", seconds, useCase);
        }
    }

    /** Nobody reads a table between two moments. */
    public static void whileLocked(Database database, String table, CountDownLatch held, CountDownLatch done) {
        database.inTransaction(connection -> {
            Rows.change(connection, "LOCK TABLE " + table + " IN ACCESS EXCLUSIVE MODE");
            held.countDown();
            try {
                return done.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
