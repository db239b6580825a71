package dev.hone.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.hone.charter.Charter;
import dev.hone.loop.Letters;
import dev.hone.store.Database;
import dev.hone.store.SharedDatabase;
import dev.hone.store.UseCases;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whether a round is due, of a use case of which ever more is known. */
@Timeout(60)
final class LoopDueTest {
    private static final String IMPROVED = "improve: {labels: 10}\nloop: {model: 'MODEL', least-tasks: 10}\n";
    private static final String GATES = "gates: {sample-size: 5}\n";

    private final Database database = SharedDatabase.database();

    @TempDir
    Path folder;

    private Optional<String> why(String useCase, String more) throws IOException {
        Charter charter = Letters.read(folder.resolve("use-cases"), useCase, folder.resolve("no-model"), more);
        return new LoopDue(database, folder.resolve("home"), Instant::now).why(charter);
    }

    @Test
    void labelsMakeOneDueAndNothingLess() throws IOException {
        String only = "due";
        assertEquals(Optional.empty(), why(only, GATES + IMPROVED), "nothing of it was ever stored");
        new UseCases(database).obtain(only);
        assertEquals(Optional.empty(), why(only, GATES + IMPROVED), "without traces");
        Letters.ask(database, only, 20);
        assertEquals(Optional.empty(), why(only, GATES + IMPROVED), "without labels");
        Letters.label(database, only, 0, 8);
        assertEquals(Optional.empty(), why(only, GATES + IMPROVED), "with few labels");
        Letters.label(database, only, 8, 40);
        assertEquals(Optional.empty(), why(only, IMPROVED), "without gates nothing could pass");
        assertEquals(
                Optional.of("40 new labels, of which 10 start a loop"),
                why(only, GATES + IMPROVED));
        assertFalse(folder.resolve("home/loops").toFile().exists(), "to look is not to begin");
    }
}
