package dev.hone.capture.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.ApiKey;
import dev.hone.record.Ids;
import dev.hone.record.Project;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KeyRingTest {
    @TempDir
    Path folder;

    private final List<ApiKey> store = new ArrayList<>();
    private final List<String> troubles = new ArrayList<>();
    private Instant now = Instant.parse("2026-05-01T00:00:00Z");
    private boolean down;
    private int asked;

    private KeyRing ring;

    @BeforeEach
    void open() {
        ring = ring();
    }

    private KeyRing ring() {
        return new KeyRing(
                () -> {
                    asked++;
                    if (down) {
                        throw new IllegalStateException("no database");
                    }
                    return List.copyOf(store);
                },
                folder.resolve("keys.json"),
                () -> now,
                troubles::add);
    }

    private static ApiKey key(String name, Secret secret, @Nullable Instant expires, @Nullable Instant revoked) {
        return new ApiKey(
                Ids.next(),
                name,
                secret.hash(),
                secret.hint(),
                Set.of(ApiKey.Scope.CALL),
                Project.DEFAULT,
                ApiKey.Bounds.NONE,
                "me",
                Instant.EPOCH,
                expires,
                revoked);
    }

    private Optional<String> name(Secret secret) {
        return ring.find(secret.text()).map(ApiKey::name);
    }

    @Test
    void keysCountUntilTheyExpireOrAreRevoked() {
        Secret good = Secret.random();
        Secret old = Secret.random();
        Secret gone = Secret.random();
        store.add(key("good", good, now.plusSeconds(60), null));
        store.add(key("old", old, now, null));
        store.add(key("gone", gone, null, now));
        assertEquals(Optional.of("good"), name(good));
        assertEquals(Optional.empty(), name(old));
        assertEquals(Optional.empty(), name(gone));
        assertEquals(Optional.empty(), name(Secret.random()));
        assertEquals(Optional.empty(), name(new Secret("")));
        now = now.plusSeconds(60);
        assertEquals(Optional.empty(), name(good));
        assertTrue(ring.isEmpty());
    }

    @Test
    void whatChangesIsSeenAfterAMoment() {
        Secret late = Secret.random();
        assertTrue(ring.isEmpty());
        store.add(key("late", late, null, null));
        assertEquals(Optional.empty(), name(late));
        int before = asked;
        for (int i = 0; i < 100; i++) {
            name(late);
        }
        assertEquals(before, asked, "an unknown key does not ask the store each time");
        now = now.plus(Duration.ofSeconds(5));
        assertEquals(Optional.of("late"), name(late));
    }

    @Test
    void withoutTheStoreKnownKeysGoOn() {
        Secret known = Secret.random();
        store.add(key("known", known, now.plus(Duration.ofHours(1)), null));
        assertEquals(Optional.of("known"), name(known));
        down = true;
        for (int i = 0; i < 10; i++) {
            now = now.plus(Duration.ofMinutes(1));
            assertEquals(Optional.of("known"), name(known));
            assertEquals(Optional.empty(), name(Secret.random()));
        }
        assertEquals(1, troubles.size());
        now = now.plus(Duration.ofHours(1));
        assertEquals(Optional.empty(), name(known), "it has expired");
        down = false;
        now = now.plus(Duration.ofMinutes(1));
        name(known);
        assertEquals(2, troubles.size());
    }

    /** What was known is known at a start without the store, too, and the file lets nobody in. */
    @Test
    void aStartWithoutTheStoreKnowsWhatWasKnown() throws Exception {
        Secret known = Secret.random();
        store.add(key("known", known, now.plus(Duration.ofHours(1)), null));
        assertEquals(Optional.of("known"), name(known));
        down = true;
        ring = ring();
        assertEquals(Optional.of("known"), name(known));
        assertEquals(Optional.empty(), name(Secret.random()));
        Path file = folder.resolve("keys.json");
        assertFalse(Files.readString(file).contains(known.text()));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        Files.writeString(file, "[{");
        ring = ring();
        assertEquals(Optional.empty(), name(known));
        assertTrue(
                troubles.getLast().contains("cannot be read")
                        || troubles.toString().contains("keys.json"),
                troubles.toString());
    }

    /** As long as the store does not answer, nobody can say that a key is none; that one has expired, everybody can. */
    @Test
    void withoutTheStoreAnUnknownKeyMayBeOne() {
        Secret known = Secret.random();
        Secret late = Secret.random();
        store.add(key("known", known, now.plusSeconds(60), null));
        assertEquals(Optional.empty(), name(late));
        assertFalse(ring.mayKnow(late.text()), "the store has said so");
        down = true;
        now = now.plusSeconds(60);
        assertEquals(Optional.empty(), name(late));
        assertTrue(ring.mayKnow(late.text()));
        assertEquals(Optional.empty(), name(known));
        assertFalse(ring.mayKnow(known.text()), "it has expired");
        down = false;
        store.add(key("late", late, null, null));
        now = now.plusSeconds(60);
        assertEquals(Optional.of("late"), name(late));
        assertFalse(ring.mayKnow(Secret.random().text()));
    }

    @Test
    void secretsAreLongRandomAndNotShown() {
        Secret one = Secret.random();
        assertTrue(one.text().matches("hone_[A-Za-z0-9_-]{43}"), one.text());
        assertNotEquals(one.text(), Secret.random().text());
        assertFalse(one.toString().contains(one.text().substring(12)));
        assertEquals(64, one.hash().length());
    }

    /** A store that takes its time costs one caller a moment, and the others nothing. */
    @Test
    void whileTheStoreIsSilentKnownKeysGoOn() throws Exception {
        Secret known = Secret.random();
        ApiKey key = key("known", known, null, null);
        CountDownLatch silent = new CountDownLatch(1);
        AtomicInteger questions = new AtomicInteger();
        ring = new KeyRing(
                () -> {
                    if (questions.incrementAndGet() > 1) {
                        awaitQuietly(silent);
                    }
                    return List.of(key);
                },
                folder.resolve("silent.json"),
                () -> now,
                troubles::add);
        assertEquals(Optional.of("known"), name(known));
        now = now.plus(Duration.ofMinutes(1));
        long from = System.nanoTime();
        for (int i = 0; i < 1_000; i++) {
            assertEquals(Optional.of("known"), name(known));
        }
        assertTrue(System.nanoTime() - from < 5_000_000_000L, "calls waited for the store");
        assertEquals(2, questions.get(), "one question at a time");
        silent.countDown();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A key that is revoked is soon none, also where the clock is set back. */
    @Test
    void aClockThatIsSetBackMakesWhatIsKnownOld() {
        Secret secret = Secret.random();
        store.add(key("a", secret, null, null));
        assertTrue(ring.find(secret.text()).isPresent());
        store.clear();
        now = now.minusSeconds(3_600);
        assertFalse(ring.find(secret.text()).isPresent());
    }
}
