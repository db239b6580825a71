package dev.hone.store;

import java.util.List;
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
