package dev.hone.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.store.BundledDatabase;
import dev.hone.store.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code hone models delete --orphans} where the database is not the one that the models were registered with: all of them would be nobody's. */
final class OrphansCommandTest {
    private static final List<String> DELETE = List.of("models", "delete", "--orphans", "--yes");

    @TempDir
    Path folder;

    private Path home;
    private Path model;

    @BeforeEach
    void models() throws IOException {
        home = folder.resolve("home");
        model = Files.createDirectories(home.resolve("artifacts").resolve("ab".repeat(32)));
        Files.writeString(model.resolve("model"), "12345");
        Files.setLastModifiedTime(model, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
    }

    private void assertRefused() throws IOException {
        List<HoneScript.Outcome> done = HoneScript.run(home, folder.resolve("errors"), List.of(DELETE));
        String errors = Files.readString(folder.resolve("errors"));
        assertEquals(2, done.getFirst().exit(), errors);
        assertTrue(
                errors.contains("the database knows none of the [1] models in [" + home + "]")
                        && errors.contains("HONE_DB_URL"),
                errors);
        assertTrue(Files.exists(model.resolve("model")), "nothing is deleted");
    }

    @Test
    void anotherEmptyDatabaseDeletesNothing() throws IOException {
        try (Database empty = Database.open(Map.of(), home, text -> {})) {
            assertTrue(empty.shown().contains("home"));
            assertRefused();
        }
    }

    /** Where HONE_DB_URL was forgotten there is no database of the home's own, and none is made to look into. */
    @Test
    void noDatabaseDeletesNothingAndNoneIsMade() throws IOException {
        assertRefused();
        assertEquals(
                BundledDatabase.State.NONE, new BundledDatabase(home).status().state());
        assertFalse(Files.exists(home.resolve("db")));
    }

    @Test
    void whereNoModelIsNothingIsToBeDeleted() throws IOException {
        Files.delete(model.resolve("model"));
        Files.delete(model);
        List<HoneScript.Outcome> done = HoneScript.run(home, folder.resolve("errors"), List.of(DELETE));
        assertEquals(0, done.getFirst().exit(), Files.readString(folder.resolve("errors")));
        assertTrue(
                done.getFirst().out().contains("every file is some version's"),
                done.getFirst().out());
    }
}
