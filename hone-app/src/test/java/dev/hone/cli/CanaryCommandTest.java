package dev.hone.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.cli.HoneScript.Outcome;
import dev.hone.file.Durable;
import dev.hone.promote.AnsweringGateway;
import dev.hone.promote.RolloutControl;
import dev.hone.promote.Served;
import dev.hone.promote.TrafficFile;
import dev.hone.record.Project;
import dev.hone.record.VersionReference;
import dev.hone.store.Database;
import dev.hone.store.ModelVersions;
import dev.hone.store.Standing;
import dev.hone.store.VersionRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code hone canary} in a process of its own, beside what {@code hone serve} would run. */
@Timeout(900)
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

    private Path charter(String name, String more) throws IOException {
        Path made = Files.createDirectories(folder.resolve(name));
        return Files.writeString(made.resolve("support.yaml"), """
                name: support
                owner: Ada
                job: Answers.
                good: {kind: string_check, operation: eq}
                viewers: [everyone]
                """ + more);
    }

    private void until(int live) throws Exception {
        TrafficFile file = new TrafficFile(folder.resolve("home"));
        await(() -> number(file) == live);
        assertEquals(live, number(file));
    }

    /** Of the live version that calls follow; 0 for none. */
    private static int number(TrafficFile file) throws IOException {
        Served served = file.read("support").live();
        return served == null ? 0 : served.number();
    }

    /** For two minutes at most: what must be so is asserted behind it. */
    private static void await(Callable<Boolean> done) throws Exception {
        for (int i = 0; i < 2_400 && !done.call(); i++) {
            Thread.sleep(50);
        }
    }

    /** Whoever asks whether the version before is good, while a bad one is live, may still go back to it. */
    @Test
    void theWayBackStaysOpen() throws Exception {
        Path home = folder.resolve("home");
        Durable.makePrivate(home);
        String gated =
                charter("gated", "gates: {quality: {not-worse-than: 0.05}}\n").toString();
        try (Database database = Database.open(Map.of(), home, text -> {});
                RolloutControl control = control(database)) {
            VersionRows rows = new VersionRows(database);
            rows.passed("support", "default");
            control.start(Duration.ofMillis(200));
            assertEquals(
                    0,
                    run(List.of(List.of("models", "alias", "support/1", "live")))
                            .getFirst()
                            .exit());
            until(1);
            rows.passed("support", "default");
            run(List.of(List.of("canary", "start", "support/2", "--force")));
            await(() -> control.phase("support") == 3);
            assertEquals(
                    0,
                    run(List.of(List.of("canary", "back", "support")))
                            .getFirst()
                            .exit());
            Standing standing = new Standing(database);
            UUID second = new ModelVersions(database)
                    .require(new VersionReference.Numbered("support", 2))
                    .id();
            await(() -> standing.objection(second).isPresent());
            List<Outcome> bad = run(List.of(
                    List.of("models", "alias", "support/2", "live"),
                    List.of("models", "alias", "support/2", "live", "--force")));
            assertEquals(List.of(2, 0), bad.stream().map(Outcome::exit).toList(), bad.toString());
            until(2);
            List<Outcome> good = run(List.of(
                    List.of("canary", "status", "support"),
                    List.of("gate", "support/1", "--charter", gated),
                    List.of("canary", "back", "support", "--json")));
            assertEquals(List.of(0, 1, 0), good.stream().map(Outcome::exit).toList(), good.toString());
            String status = good.getFirst().out();
            assertTrue(status.contains("support: support/2 answers"), status);
            assertTrue(
                    status.contains(
                            "the last rollout is over: support/2 was [rolled-back], and somebody has made it live since"),
                    status);
            assertFalse(status.contains("of the episodes"), status);
            assertTrue(good.get(1).out().contains("unknown"), good.get(1).out());
            assertTrue(
                    json(good.getLast())
                            .path("said")
                            .asString()
                            .startsWith(
                                    "[support/1] is live again, as it was before, though gates have not let it pass since"),
                    good.getLast().out());
            until(1);
            List<Outcome> again = run(List.of(
                    List.of("models", "alias", "support/2", "live", "--force"),
                    List.of("models", "alias", "support/1", "live", "--charter", gated),
                    List.of("canary", "back", "support")));
            String errors = Files.readString(folder.resolve("errors"));
            assertEquals(List.of(0, 0, 2), again.stream().map(Outcome::exit).toList(), errors);
            assertTrue(errors.contains("it was live before, and had passed"), errors);
            assertTrue(errors.contains("[support/2] was taken back by its rollout"), errors);
            assertTrue(errors.contains("hone models alias support/2 live --force"), errors);
            assertTrue(errors.contains("hone canary stop support --live"), errors);
        }
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
                    List.of("canary", "start", "support/1", "--force", "--who", "ada", "--json"),
                    List.of("canary", "start", "support/2", "--force"),
                    List.of("canary", "start", "support/9"),
                    List.of("canary", "stop", "support", "--json"),
                    List.of("canary", "status", "support", "--json"),
                    List.of("canary", "start", "support/1"),
                    List.of(
                            "canary",
                            "start",
                            "support/1",
                            "--charter",
                            charter("plain", "").toString()),
                    List.of("canary", "hold", "support"),
                    List.of(
                            "canary",
                            "start",
                            "support/1",
                            "--charter",
                            charter("promoted", "variants: {big: {upstream: big, model: m}}\npromote: {}\n")
                                    .toString())));
            assertEquals(
                    List.of(0, 2, 2, 0, 0, 2, 2, 1, 0),
                    first.stream().map(Outcome::exit).toList(),
                    Files.readString(folder.resolve("errors")));
            assertEquals(
                    "support/1 waiting",
                    json(first.getFirst()).path("version").asString() + " "
                            + json(first.getFirst()).path("phase").asString());
            assertTrue(json(first.get(3)).path("done").asBoolean(), first.get(3).out());
            assertTrue(
                    json(first.get(3))
                            .path("said")
                            .asString()
                            .startsWith("[support/1], which was [waiting], is ended in the database"),
                    first.get(3).out());
            JsonNode row = json(first.get(4)).path("rollouts").path(0);
            assertEquals(
                    "stopped ada (command line)",
                    row.path("phase").asString() + " " + row.path("who").asString());
            String said = Files.readString(folder.resolve("errors"));
            assertTrue(said.contains("no hone serve follows"), said);
            assertTrue(said.contains("There is no charter [use-cases/support.yaml]"), said);
            assertTrue(said.contains("has no [promote], so that no hone serve would follow"), said);
            try (RolloutControl control = control(database)) {
                control.start(Duration.ofMillis(200));
                await(() -> control.phase("support") == 3);
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
                assertEquals(
                        "support/1 false",
                        traffic.path("live").asString() + " "
                                + traffic.path("served").asBoolean());
                assertTrue(traffic.path("alarms").toString().contains("took them away"), traffic.toString());
                assertTrue(errors.contains("[support] has no previous version"), errors);
                assertTrue(errors.contains("[nothing] has no [promote] in its charter here"), errors);
            }
        }
    }
}
