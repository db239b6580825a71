package dev.hone.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hone.charter.Charter;
import dev.hone.loop.Letters;
import dev.hone.loop.LoopFolder;
import dev.hone.record.Project;
import dev.hone.store.Database;
import dev.hone.store.SharedDatabase;
import dev.hone.store.UseCases;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
        assertEquals(Optional.of("40 new labels, of which 10 start a loop"), why(only, GATES + IMPROVED));
        assertEquals(
                List.of(),
                LoopFolder.of(folder.resolve("home"), Project.DEFAULT, only).rounds(),
                "to look is not to begin");
    }

    /** What is against a round is not looked for again each minute. */
    @Test
    void anObstacleIsLookedAtAgainAfterAWhile() throws IOException {
        String name = "due-rest";
        Letters.label(database, name, 0, 40);
        Instant[] now = {Instant.now()};
        LoopDue due = new LoopDue(database, folder.resolve("home"), () -> now[0]);
        Path charters = folder.resolve("use-cases");
        Charter ungated = Letters.read(charters, name, folder.resolve("no-model"), IMPROVED);
        Charter gated = Letters.read(charters, name, folder.resolve("no-model"), GATES + IMPROVED);
        assertEquals(Optional.empty(), due.why(ungated));
        now[0] = now[0].plus(Duration.ofMinutes(29));
        assertEquals(Optional.empty(), due.why(gated));
        now[0] = now[0].plus(Duration.ofMinutes(1));
        assertEquals(Optional.of("40 new labels, of which 10 start a loop"), due.why(gated));
    }
}
