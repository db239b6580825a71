package dev.hone.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whether a round is due, of a use case of which ever more is known. */
@Timeout(60)
final class LoopDueTest {
    private static final String IMPROVED = "improve: {labels: 10}\nloop: {model: 'MODEL', least-tasks: 10}\n";
    private static final String GATES = "gates: {sample-size: 5}\n";

    private static final LoopStarter.Answer NOT_DUE = new LoopStarter.NotDue();
    private static final LoopStarter.Answer DUE = new LoopStarter.Begin("40 new labels, of which 10 start a loop");

    private final Database database = SharedDatabase.database();

    @TempDir
    Path folder;

    private LoopStarter.Answer look(String useCase, String more) throws IOException {
        Charter charter = Letters.read(folder.resolve("use-cases"), useCase, folder.resolve("no-model"), more);
        return new LoopDue(database, folder.resolve("home"), Instant::now, Duration.ofMinutes(30)).look(charter);
    }

    private static String against(LoopStarter.Answer answer) {
        return answer instanceof LoopStarter.Against(String reason) ? reason : "not against it: " + answer;
    }

    @Test
    void labelsMakeOneDueAndNothingLess() throws IOException {
        String only = "due";
        assertEquals(NOT_DUE, look(only, GATES + IMPROVED), "nothing of it was ever stored");
        new UseCases(database).obtain(only);
        assertEquals(NOT_DUE, look(only, GATES + IMPROVED), "without traces");
        Letters.ask(database, only, 20);
        assertEquals(NOT_DUE, look(only, GATES + IMPROVED), "without labels");
        Letters.label(database, only, 0, 8);
        assertEquals(NOT_DUE, look(only, GATES + IMPROVED), "with few labels");
        Letters.label(database, only, 8, 40);
        assertTrue(against(look(only, IMPROVED)).contains("[gates]"), "without gates nothing could pass");
        String beyond = against(look(only, "gates: {sample-size: 100000}\n" + IMPROVED));
        assertTrue(
                beyond.contains("[sample-size] asks for 100,000 tasks to judge by, and there are 40 at most"), beyond);
        assertEquals(DUE, look(only, GATES + IMPROVED));
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
        LoopDue due = new LoopDue(database, folder.resolve("home"), () -> now[0], Duration.ofMinutes(30));
        Path charters = folder.resolve("use-cases");
        Charter ungated = Letters.read(charters, name, folder.resolve("no-model"), IMPROVED);
        Charter gated = Letters.read(charters, name, folder.resolve("no-model"), GATES + IMPROVED);
        LoopStarter.Answer found = due.look(ungated);
        assertTrue(against(found).contains("[gates]"), found::toString);
        now[0] = now[0].plus(Duration.ofMinutes(29));
        assertEquals(found, due.look(gated), "what was found stands");
        now[0] = now[0].plus(Duration.ofMinutes(1));
        assertEquals(DUE, due.look(gated));
    }
}
