package dev.hone.cli;

import dev.hone.fetch.FileCache;
import dev.hone.record.ModelVersion;
import dev.hone.record.VersionReference;
import dev.hone.run.Artifacts;
import dev.hone.store.BundledDatabase;
import dev.hone.store.Database;
import dev.hone.store.ModelVersions;
import java.io.IOException;
import java.nio.file.Path;

/** The database that the environment describes, and what lies beside it. */
final class Store {
    private Store() {}

    static Database open() {
        return Database.open(System.getenv(), home(), text -> System.err.println("hone: " + text));
    }

    static Path home() {
        return FileCache.home(System.getenv());
    }

    static Artifacts artifacts() {
        return new Artifacts(home());
    }

    static boolean isExternal() {
        return !System.getenv().getOrDefault("HONE_DB_URL", "").isBlank();
    }

    /** Whether there is no database yet, and opening it would make one. */
    static boolean isNone() throws IOException {
        return !isExternal() && new BundledDatabase(home()).status().state() == BundledDatabase.State.NONE;
    }

    /**
     * The version that a reference names; makes no database to look for it in.
     *
     * @throws IllegalArgumentException when there is none
     */
    static ModelVersion version(VersionReference reference) throws IOException {
        if (isNone()) {
            throw new IllegalArgumentException(
                    "There is no file and no model version [%s]: none was registered yet in [%s]; see hone models add --help"
                            .formatted(reference.text(), home()));
        }
        try (Database database = open()) {
            return new ModelVersions(database).require(reference);
        }
    }
}
