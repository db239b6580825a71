package dev.hone.promote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.LiveSwitch;
import dev.hone.record.RolloutDecision;
import dev.hone.store.Rollouts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TrafficFileTest {
    @TempDir
    Path home;

    @Test
    void aStateComesBackAsItWentIn() throws IOException {
        Instant now = Instant.parse("2026-03-01T10:00:00.123456Z");
        Rollout rollout = new Rollout(
                new UUID(1, 2),
                TransitionsTest.CANDIDATE,
                null,
                new Phase.Canary(1),
                true,
                List.of(
                        new Stage(true, 0, 0, now, now.plusSeconds(2)),
                        new Stage(false, 1, 0.25, now.plusSeconds(3), null)),
                now);
        TrafficState state = new TrafficState(
                "job",
                TransitionsTest.LIVE,
                rollout,
                true,
                List.of(
                        new TrafficState.Pending(
                                new RolloutDecision(
                                        new UUID(3, 4),
                                        new UUID(1, 2),
                                        now,
                                        "canary",
                                        1,
                                        "canary",
                                        "ann é",
                                        "a\nb",
                                        "{}"),
                                new Rollouts.Place("canary", 1, true, now, "[]")),
                        new TrafficState.Pending(
                                new RolloutDecision(
                                        new UUID(3, 5),
                                        new UUID(1, 2),
                                        now,
                                        "canary",
                                        1,
                                        "hold",
                                        "hone serve",
                                        "x",
                                        "{}"),
                                null),
                        new TrafficState.Pending(
                                new RolloutDecision(
                                        new UUID(3, 6),
                                        new UUID(1, 2),
                                        now,
                                        "ready",
                                        1,
                                        "ready",
                                        "hone serve",
                                        "x",
                                        "{}"),
                                new Rollouts.Place("ready", 1, true, now, "[]"),
                                new Rollouts.Origin("canary", 1, now))),
                new Switches(
                        new LiveSwitch(new UUID(5, 6), true, "ann", now),
                        List.of(
                                new LiveSwitch(new UUID(5, 5), false, "bob", now.minusSeconds(5)),
                                new LiveSwitch(new UUID(5, 6), true, "ann", now)),
                        new Switches.Stopped(now, "cy")));
        TrafficFile file = new TrafficFile(home);
        file.write(state);
        assertEquals(state, new TrafficFile(home).read("job"));
        file.write(TrafficState.none("job"));
        assertEquals(TrafficState.none("job"), file.read("job"));
        assertEquals(TrafficState.none("other"), file.read("other"));
    }

    @Test
    void whatCannotBeReadIsSaid() throws IOException {
        Files.createDirectories(home.resolve("rollouts"));
        for (String text : List.of(
                "",
                "{",
                "{}",
                "{\"schemaVersion\":1,\"useCase\":\"other\"}",
                "[]",
                "{\"schemaVersion\":1,\"useCase\":\"job\",\"rollout\":{\"id\":\"x\"}}",
                "{\"schemaVersion\":1,\"useCase\":\"job\",\"live\":{\"version\":\"x\"}}")) {
            Files.writeString(home.resolve("rollouts/job.json"), text);
            String message = String.valueOf(assertThrows(IOException.class, () -> new TrafficFile(home).read("job"))
                    .getMessage());
            assertTrue(
                    message.contains("job.json] cannot be read") && message.contains("hone canary resume job"),
                    message);
        }
    }

    /** Whatever is the matter with one file, the switch is next to it. */
    @Test
    void oneFileThatCannotBeReadOrRemovedIsInNobodysWay() throws IOException {
        AskedFiles people = new AskedFiles(home);
        AskedFiles gateway = new AskedFiles(home);
        List<String> notices = new ArrayList<>();
        UUID held = people.ask("job", Command.RESUME, "ann", null);
        Path folder = home.resolve("rollouts/asked");
        AskedFiles.Asked first = gateway.open(notices::add).getFirst();
        // Its answer cannot be written, and so it cannot be removed.
        Files.createDirectories(folder.resolve(held + ".done").resolve("in-the-way"));
        gateway.done(first, new AskedFiles.Answer(true, "resumed"), notices::add);
        assertTrue(Files.exists(folder.resolve(held + ".asked")));
        // A folder in the place of a file cannot be read by anybody, whoever they are.
        UUID unreadable = UUID.randomUUID();
        Files.createDirectories(folder.resolve(unreadable + ".asked"));
        people.ask("job", Command.PROMOTE, "ann", null);
        UUID stop = people.ask("other", Command.STOP, "bob", null);
        List<AskedFiles.Asked> open = gateway.open(notices::add);
        assertEquals(
                List.of(Command.STOP, Command.PROMOTE),
                open.stream().map(AskedFiles.Asked::command).toList(),
                "what takes away comes first, and nothing is done twice");
        assertEquals(stop, open.getFirst().id());
        assertTrue(gateway.answer(unreadable).orElseThrow().said().contains("cannot be read"));
        assertTrue(Files.exists(folder.resolve(unreadable + ".asked.bad")));
        gateway.open(notices::add);
        assertEquals(2, notices.size(), "each once: " + notices);
        Files.delete(folder.resolve(held + ".done").resolve("in-the-way"));
        Files.delete(folder.resolve(held + ".done"));
        gateway.open(notices::add);
        assertEquals("resumed", people.answer(held).orElseThrow().said());
        assertTrue(Files.notExists(folder.resolve(held + ".asked")));
    }

    @Test
    void theFolderIsAsTheHomeIs() throws IOException {
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-x---"));
        new AskedFiles(home).make();
        for (String one : List.of("rollouts", "rollouts/asked")) {
            assertEquals("rwxr-x---", PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve(one))));
            assertEquals(Files.getOwner(home), Files.getOwner(home.resolve(one)));
        }
        UUID id = new AskedFiles(home).ask("job", Command.STOP, "ann", null);
        assertEquals(
                "rw-r--r--",
                PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(home.resolve("rollouts/asked/" + id + ".asked"))));
    }

    @Test
    void whatIsAskedIsAnsweredOnce() throws IOException {
        AskedFiles files = new AskedFiles(home);
        assertEquals(List.of(), files.open(text -> {}));
        UUID id = files.ask("job", Command.STOP, "ann", new UUID(1, 2));
        UUID other = files.ask("job", Command.HOLD, "bob", null);
        assertEquals(
                List.of(
                        new AskedFiles.Asked(id, "job", Command.STOP, "ann", new UUID(1, 2)),
                        new AskedFiles.Asked(other, "job", Command.HOLD, "bob", null)),
                files.open(text -> {}));
        assertTrue(files.answer(id).isEmpty());
        files.done(files.open(text -> {}).getFirst(), new AskedFiles.Answer(true, "done"), text -> {});
        files.withdraw(other);
        assertEquals(List.of(), files.open(text -> {}));
        assertEquals(new AskedFiles.Answer(true, "done"), files.answer(id).orElseThrow());
        assertTrue(files.answer(id).isEmpty());
        Files.writeString(home.resolve("rollouts/asked/nonsense.asked"), "{");
        List<String> notices = new ArrayList<>();
        assertEquals(List.of(), files.open(notices::add));
        assertEquals(List.of(), files.open(notices::add), "it is set aside");
        assertTrue(Files.exists(home.resolve("rollouts/asked/nonsense.asked.bad")));
        assertEquals(1, notices.size(), "and told: " + notices);
        files.done(
                new AskedFiles.Asked(id, "job", Command.STOP, "ann", null),
                new AskedFiles.Answer(true, "unread"),
                text -> {});
        files.tidy(Instant.now());
        assertTrue(Files.exists(home.resolve("rollouts/asked/" + id + ".done")));
        files.tidy(Instant.now().plusSeconds(7_200));
        assertTrue(files.answer(id).isEmpty());
    }
}
