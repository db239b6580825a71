package dev.hone.store;

import dev.hone.file.Durable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** One server for all tests of this module: made anew by each run, ended with the virtual machine. */
public final class TestDatabase {
    private static final Path HOME = Path.of("target", "test-home").toAbsolutePath();
    private static final Database DATABASE = open();

    private TestDatabase() {}

    private static Database open() {
        try {
            Durable.delete(HOME.resolve("db"));
            return Database.open(Map.of(), HOME, text -> {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Database database() {
        return DATABASE;
    }

    /** The same, as somebody has it to whom it does not answer any more. */
    public static Database away() {
        Database away = another();
        away.close();
        return away;
    }

    /** The same once more. */
    static Database another() {
        try {
            database();
            String password =
                    Files.readString(HOME.resolve("db").resolve("password")).strip();
            return Database.open(
                    Map.of(
                            "HONE_DB_URL",
                            "postgresql://hone:%s@127.0.0.1:%d/postgres"
                                    .formatted(
                                            password,
                                            new BundledDatabase(HOME).status().port())),
                    HOME,
                    text -> {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Nobody reads a table between two moments. */
    public static void whileLocked(String table, CountDownLatch held, CountDownLatch done) {
        database().inTransaction(connection -> {
            Rows.change(connection, "LOCK TABLE " + table + " IN ACCESS EXCLUSIVE MODE");
            held.countDown();
            try {
                return done.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    static Path home() {
        return HOME;
    }

    /** A home of its own, which needs no unpacking. */
    static Path home(Path folder) throws IOException {
        database();
        Files.createSymbolicLink(folder.resolve("postgres"), HOME.resolve("postgres"));
        return folder;
    }
}
