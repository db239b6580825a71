package dev.hone.store;

import dev.hone.file.Durable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

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
