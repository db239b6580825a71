package dev.hone.store;

/** What tests of pages put into the database that nothing else makes yet. */
public final class StoreFixture {
    private StoreFixture() {}

    /** Runs a statement. */
    public static int change(Database database, String sql, Object... values) {
        return database.inTransaction(connection -> Rows.change(connection, sql, values));
    }
}
