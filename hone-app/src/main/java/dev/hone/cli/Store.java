package dev.hone.cli;

import dev.hone.fetch.FileCache;
import dev.hone.store.Database;
import java.nio.file.Path;

/** The database that the environment describes. */
final class Store {
    private Store() {}

    static Database open() {
        return Database.open(System.getenv(), home(), text -> System.err.println("hone: " + text));
    }

    static Path home() {
        return FileCache.home(System.getenv());
    }
}
