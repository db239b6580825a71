package dev.hone.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.cli.HoneScript.Outcome;
import dev.hone.file.Durable;
import dev.hone.promote.AnsweringGateway;
import dev.hone.promote.RolloutControl;
import dev.hone.record.Project;
import dev.hone.store.Database;
import dev.hone.store.VersionRows;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code hone canary} in a process of its own, beside what {@code hone serve} would run. */
@Timeout(240)
final class CanaryCommandTest {
    @TempDir
    Path folder;

    private List<Outcome> run(List<List<String>> commands) throws Exception {
        return HoneScript.run(folder.resolve("home"), folder.resolve("errors"), commands);
    }

    private static JsonNode json(Outcome outcome) {
        return JsonMapper.shared().readTree(outcome.last());
    }

    private RolloutControl control(Database database) {
        return AnsweringGateway.control(
                folder.resolve("home"),
                database,
                InstantSource.system(),
                Project.DEFAULT,
                AnsweringGateway.promotion(0.1),
                "support");
    }

    @Test
    void aVersionIsBroughtAndTakenBackByCommands() throws Exception {
        Path home = folder.resolve("home");
        Durable.makePrivate(home);
        try (Database database = Database.open(Map.of(), home, text -> {})) {
            VersionRows rows = new VersionRows(database);
            rows.passed("support", "default");
            rows.passed("support", "default");
            List<Outcome> first = run(List.of(
                    List.of("canary", "start", "support/1", "--who", "ada", "--json"),
                    List.of("canary", "start", "support/2"),
                    List.of("canary", "start", "support/9"),
                    List.of("canary", "stop", "support", "--json"),
                    List.of("canary", "status", "support", "--json")));
            assertEquals(
                    List.of(0, 2, 2, 1, 0),
                    first.stream().map(Outcome::exit).toList(),
                    Files.readString(folder.resolve("errors")));
            assertEquals(
                    "support/1 waiting",
                    json(first.getFirst()).path("version").asString() + " "
                            + json(first.getFirst()).path("phase").asString());
            assertTrue(
                    !json(first.get(3)).path("done").asBoolean(), first.get(3).out());
            JsonNode row = json(first.get(4)).path("rollouts").path(0);
            assertEquals(
                    "waiting ada (command line)",
                    row.path("phase").asString() + " " + row.path("who").asString());
            assertTrue(Files.readString(folder.resolve("errors")).contains("no hone serve follows"));
            try (RolloutControl control = control(database)) {
                control.start(Duration.ofMillis(200));
                for (int i = 0; i < 400 && control.phase("support") != 3; i++) {
                    Thread.sleep(50);
                }
                List<Outcome> then = run(List.of(
                        List.of("canary", "hold", "support", "--json"),
                        List.of("canary", "resume", "support"),
                        List.of("canary", "promote", "support", "--who", "ada", "--json"),
                        List.of("canary", "stop", "support"),
                        List.of("canary", "stop", "support", "--live", "--json"),
                        List.of("canary", "status", "support", "--json"),
                        List.of("canary", "resume", "support"),
                        List.of("canary", "back", "support"),
                        List.of("canary", "stop", "nothing"),
                        List.of("canary", "stop", "No Name")));
                String errors = Files.readString(folder.resolve("errors"));
                assertEquals(
                        List.of(0, 0, 0, 0, 0, 0, 0, 2, 2, 2),
                        then.stream().map(Outcome::exit).toList(),
                        errors + then);
                assertEquals(
                        "[support/1] is live", json(then.get(2)).path("said").asString());
                JsonNode traffic = json(then.get(5)).path("traffic").path(0);
                assertTrue(traffic.path("halted").asBoolean(), traffic.toString());
                assertEquals("support/1", traffic.path("live").asString());
                assertTrue(errors.contains("[support] has no previous version"), errors);
                assertTrue(errors.contains("[nothing] has no [promote] in its charter here"), errors);
            }
        }
    }
}
