package dev.hone.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.run.Artifacts.Content;
import dev.hone.tensor.ModelFileException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What somebody keeps in order to register it is not taken away by who deletes what nobody has. */
@Timeout(60)
final class ArtifactsTest {
    @TempDir
    Path home;

    private Artifacts artifacts;
    private final SortedMap<String, Content> files = new TreeMap<>(Map.of("model", new Content.Text("12345")));

    @BeforeEach
    void open() {
        artifacts = new Artifacts(home);
    }

    private static Instant yesterday() {
        return Instant.now().minus(Duration.ofDays(1));
    }

    private void age(String hash) throws IOException {
        Files.setLastModifiedTime(
                artifacts.folder(hash), FileTime.from(Instant.now().minus(Duration.ofDays(2))));
    }

    private List<String> orphans() throws IOException {
        return artifacts.orphans(Set.of(), yesterday());
    }

    @Test
    void whoKeepsWhatIsThereMakesItNew() throws IOException {
        String hash = artifacts.keep(files);
        assertEquals(List.of(), orphans(), "it was just made");
        age(hash);
        assertEquals(List.of(hash), orphans());
        assertEquals(List.of(), artifacts.orphans(Set.of(hash), yesterday()), "a version has it");
        assertEquals(hash, artifacts.keep(files));
        assertEquals(List.of(), orphans());
        assertFalse(artifacts.delete(hash, yesterday()), "whoever listed it before must not delete it");
        assertEquals(Artifacts.State.INTACT, artifacts.state(hash));
        age(hash);
        artifacts.keepOn(hash);
        assertEquals(List.of(), orphans());
        age(hash);
        assertTrue(artifacts.delete(hash, yesterday()));
        assertFalse(artifacts.delete(hash, yesterday()));
        assertThrows(ModelFileException.class, () -> artifacts.keepOn(hash));
        assertEquals(List.of(), artifacts.all());
    }

    /** A clock that was set back makes nothing older. */
    @Test
    void whatWasKeptIsLaterThanBefore() throws IOException {
        String hash = artifacts.keep(files);
        Instant ahead = Instant.now().plus(Duration.ofHours(1));
        Files.setLastModifiedTime(artifacts.folder(hash), FileTime.from(ahead));
        Instant before = artifacts.kept(hash).orElseThrow();
        artifacts.keep(files);
        assertFalse(artifacts.delete(hash, before));
    }

    /** In a home that users share each owns what they kept: nobody else can make it new, and needs not as long as it is. */
    @Test
    void whatAnotherUserKeptIsNewEnoughForHalfADay() throws IOException {
        Path folder = artifacts.folder(artifacts.keep(files));
        Instant now = Instant.now();
        FileSystemException why = new FileSystemException(folder.toString(), null, "Operation not permitted");
        Artifacts.requireNew(folder, now.minus(Duration.ofHours(11)), now, why);
        String old = String.valueOf(assertThrows(
                        ModelFileException.class,
                        () -> Artifacts.requireNew(folder, now.minus(Duration.ofHours(13)), now, why))
                .getMessage());
        assertTrue(old.contains(folder.toString()) && old.contains("Operation not permitted"), old);
        assertTrue(old.contains("let its owner register the run"), old);
    }

    /** An adapter stands on a base model, which is as new as it is. */
    @Test
    void whatItStandsOnIsKeptWithIt() throws IOException {
        String base = artifacts.keep(files);
        String above = artifacts.keep(new TreeMap<>(Map.of(
                "adapter_config.json",
                new Content.Text("{\"base_model_name_or_path\": \"../" + base + "\"}"),
                "adapter_model.safetensors",
                new Content.Text("x"))));
        age(base);
        age(above);
        assertEquals(Set.of(base, above), Set.copyOf(orphans()));
        artifacts.keepOn(above);
        assertEquals(List.of(), orphans());
    }

    /** Whoever deletes asks whether a version has it; whoever has registered one looks when that is decided. */
    @Test
    void whoRegistersLooksAfterWhoDeletesHasAsked() throws Exception {
        String hash = artifacts.keep(files);
        Instant later = Instant.now().plusSeconds(60);
        assertFalse(artifacts.delete(hash, later, () -> true), "a version has it");
        assertTrue(artifacts.isHere(hash));
        try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
            List<Future<Boolean>> looks = new ArrayList<>();
            assertTrue(artifacts.delete(hash, later, () -> {
                looks.add(threads.submit(() -> artifacts.isHere(hash)));
                assertThrows(
                        TimeoutException.class,
                        () -> looks.getFirst().get(300, TimeUnit.MILLISECONDS),
                        "it is not decided yet");
                return false;
            }));
            assertFalse(looks.getFirst().get(30, TimeUnit.SECONDS));
        }
    }

    /** Somebody deletes whatever is old all the time, and somebody keeps it again, which is there from then on. */
    @Test
    void whatIsKeptWhileItIsDeletedIsThere() throws Exception {
        AtomicBoolean ending = new AtomicBoolean();
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Future<Integer> deleted = threads.submit(() -> {
                int count = 0;
                while (!ending.get()) {
                    for (String hash : orphans()) {
                        count += artifacts.delete(hash, yesterday()) ? 1 : 0;
                    }
                }
                return count;
            });
            try {
                for (int i = 0; i < 400; i++) {
                    String hash = artifacts.keep(files);
                    for (int look = 0; look < 20; look++) {
                        assertTrue(
                                Files.isRegularFile(artifacts.folder(hash).resolve("model")),
                                "gone after it was kept, in round " + i);
                        Thread.yield();
                    }
                    try {
                        age(hash);
                    } catch (NoSuchFileException gone) {
                        throw new AssertionError("gone after it was kept, in round " + i, gone);
                    }
                }
            } finally {
                ending.set(true);
            }
            assertTrue(deleted.get() > 10, "nothing was deleted: " + deleted.get());
        }
    }
}
