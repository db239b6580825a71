package dev.hone.store;

import dev.hone.file.Durable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** One server for tests that need a database and not one of their own: made anew by each run, ended with the virtual machine. Each of them has use cases of its own names. */
public final class SharedDatabase {
    private static final Path HOME = Path.of("target", "test-shared-home").toAbsolutePath();
    private static final Database DATABASE = open();

    private SharedDatabase() {}

    private static Database open() {
        try {
            Durable.delete(HOME.resolve("db"));
            Files.createDirectories(HOME);
            return Database.open(Map.of(), HOME, text -> {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Database database() {
        return DATABASE;
    }

    /** The same once more, for who closes it. */
    public static Database another() {
        try {
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
}
