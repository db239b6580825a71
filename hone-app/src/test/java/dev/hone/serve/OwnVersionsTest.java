package dev.hone.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.api.TinyByteModel;
import dev.hone.fetch.FetchListener;
import dev.hone.promote.Promotion;
import dev.hone.promote.Served;
import dev.hone.promote.VersionServers.State;
import dev.hone.record.SamplingMode;
import dev.hone.run.Artifacts;
import dev.hone.run.LoadedModel;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
final class OwnVersionsTest {
    private static final Promotion.Computed COMPUTED = new Promotion.Computed(SamplingMode.EXACT, 1, 2);

    @TempDir
    Path home;

    private final List<String> events = new CopyOnWriteArrayList<>();
    private volatile boolean fails;

    private static Served version(String useCase, int number) {
        return new Served(useCase, new UUID(1, number), number, "0".repeat(64));
    }

    private OwnVersions.Running start(Served version, Promotion.Computed computed) throws IOException {
        if (fails) {
            events.add("fails " + version.number());
            throw new IOException("no room");
        }
        events.add("opens " + version.number());
        return new OwnVersions.Running() {
            @Override
            public URI base() {
                return URI.create("http://127.0.0.1:1/" + version.number());
            }

            @Override
            public void close() {
                events.add("closes " + version.number());
            }
        };
    }

    private static void await(BooleanSupplier what) throws InterruptedException {
        for (int i = 0; i < 6_000 && !what.getAsBoolean(); i++) {
            Thread.sleep(10);
        }
        assertTrue(what.getAsBoolean());
    }

    @Test
    void aVersionIsOpenedBesideTheOneBeforeAndThatOneIsClosedAfterIt() throws InterruptedException {
        Duration linger = Duration.ofMillis(500);
        try (OwnVersions versions = new OwnVersions(this::start, text -> {}, Duration.ofMillis(10), linger)) {
            assertInstanceOf(State.Opening.class, versions.state(version("job", 1)));
            versions.want("job", COMPUTED, List.of(version("job", 1)));
            await(() -> versions.state(version("job", 1)) instanceof State.Answers);
            versions.want("job", COMPUTED, List.of(version("job", 1), version("job", 2)));
            versions.want("other", COMPUTED, List.of(version("other", 7)));
            await(() -> versions.state(version("job", 2)) instanceof State.Answers);
            assertEquals(new State.Answers(URI.create("http://127.0.0.1:1/1")), versions.state(version("job", 1)));
            long from = System.nanoTime();
            versions.want("job", COMPUTED, List.of(version("job", 2)));
            await(() -> events.contains("closes 1"));
            assertTrue(System.nanoTime() - from >= linger.toNanos(), "calls that have just chosen it reach it");
            assertInstanceOf(State.Answers.class, versions.state(version("other", 7)), "of another use case");
        }
        assertTrue(events.containsAll(List.of("closes 2", "closes 7")), events.toString());
        assertEquals(1, events.stream().filter("opens 1"::equals).count());
    }

    @Test
    void oneThatCannotBeOpenedIsTriedAgainAndSaysHowOften() throws InterruptedException {
        fails = true;
        try (OwnVersions versions = new OwnVersions(this::start, text -> {}, Duration.ofMillis(10), Duration.ZERO)) {
            versions.want("job", COMPUTED, List.of(version("job", 1)));
            await(() -> versions.state(version("job", 1)) instanceof State.Fails one && one.tries() > 3);
            State.Fails failed = assertInstanceOf(State.Fails.class, versions.state(version("job", 1)));
            assertEquals("no room", failed.why());
            fails = false;
            await(() -> versions.state(version("job", 1)) instanceof State.Answers);
            versions.want("job", COMPUTED, List.of());
            await(() -> events.contains("closes 1"));
        }
    }

    /** What is not what it was registered as gets no server. */
    @Test
    void filesThatWereChangedOrAreMissingAreNotServed() throws Exception {
        Artifacts artifacts = new Artifacts(home);
        OwnVersions.Starting starting = VersionServer.starting(
                artifacts, folder -> LoadedModel.open(folder.toString(), FetchListener.SILENT), text -> {});
        String missing =
                String.valueOf(assertThrows(IOException.class, () -> starting.start(version("job", 1), COMPUTED))
                        .getMessage());
        assertTrue(missing.contains("the files of [job/1]") && missing.contains("are missing"), missing);
        TinyByteModel.write(artifacts.folder("0".repeat(64)));
        String changed =
                String.valueOf(assertThrows(IOException.class, () -> starting.start(version("job", 1), COMPUTED))
                        .getMessage());
        assertTrue(changed.contains("are changed"), changed);
    }
}
