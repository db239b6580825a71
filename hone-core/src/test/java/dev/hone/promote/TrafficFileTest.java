package dev.hone.promote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.RolloutDecision;
import dev.hone.store.Rollouts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
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
                                null)));
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
            assertTrue(message.contains("job.json] cannot be read") && message.contains("delete it"), message);
        }
    }

    @Test
    void whatIsAskedIsAnsweredOnce() throws IOException {
        AskedFiles files = new AskedFiles(home);
        assertEquals(List.of(), files.open());
        UUID id = files.ask("job", Command.STOP, "ann", new UUID(1, 2));
        UUID other = files.ask("job", Command.HOLD, "bob", null);
        assertEquals(
                List.of(
                        new AskedFiles.Asked(id, "job", Command.STOP, "ann", new UUID(1, 2)),
                        new AskedFiles.Asked(other, "job", Command.HOLD, "bob", null)),
                files.open());
        assertTrue(files.answer(id).isEmpty());
        files.done(files.open().getFirst(), new AskedFiles.Answer(true, "done"));
        files.withdraw(other);
        assertEquals(List.of(), files.open());
        assertEquals(new AskedFiles.Answer(true, "done"), files.answer(id).orElseThrow());
        assertTrue(files.answer(id).isEmpty());
        Files.writeString(home.resolve("rollouts/asked/nonsense.asked"), "{");
        assertEquals(List.of(), files.open());
        assertEquals(List.of(), files.open(), "it is set aside");
        files.done(new AskedFiles.Asked(id, "job", Command.STOP, "ann", null), new AskedFiles.Answer(true, "unread"));
        files.tidy(Instant.now());
        assertTrue(Files.exists(home.resolve("rollouts/asked/" + id + ".done")));
        files.tidy(Instant.now().plusSeconds(7_200));
        assertTrue(files.answer(id).isEmpty());
    }
}
