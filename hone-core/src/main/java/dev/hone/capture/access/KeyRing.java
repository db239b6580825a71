package dev.hone.capture.access;

import dev.hone.file.Durable;
import dev.hone.record.ApiKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The keys in force, as the store had them a moment ago. While it does not answer, keys that were known go on counting until they
 * expire, and unknown ones do not: a new or revoked key is seen when it is back. What was known is kept in a file, for a start at
 * which the store does not answer; it has no keys, but their hashes.
 */
public final class KeyRing {
    private final Supplier<List<ApiKey>> store;
    private final Path file;
    private final InstantSource clock;
    private final Consumer<String> trouble;
    private final ReentrantLock loading = new ReentrantLock();
    private final Reload reload = new Reload();
    private volatile Map<String, ApiKey> keys = Map.of();
    private volatile @Nullable Instant loaded;
    private volatile boolean failing;

    /**
     * @param store asked again and again, at most every five seconds; throws while it cannot answer
     * @param file for what is known
     * @param trouble hears when it cannot, and when it can again
     */
    public KeyRing(Supplier<List<ApiKey>> store, Path file, InstantSource clock, Consumer<String> trouble) {
        this.store = store;
        this.file = file;
        this.clock = clock;
        this.trouble = trouble;
    }

    /** The key that somebody shows; empty when it does not count. */
    public Optional<ApiKey> find(String shown) {
        refresh();
        String hash = new Secret(shown).hash();
        ApiKey key = keys.get(hash);
        return key != null
                        && MessageDigest.isEqual(
                                key.hash().getBytes(StandardCharsets.US_ASCII),
                                hash.getBytes(StandardCharsets.US_ASCII))
                        && key.isValid(clock.instant())
                ? Optional.of(key)
                : Optional.empty();
    }

    /**
     * Whether a key that does not count may be one that the store has: it is not among those that are known, and the store did not answer
     * when it was asked last.
     */
    public boolean mayKnow(String shown) {
        return failing && !keys.containsKey(new Secret(shown).hash());
    }

    /** Whether there is any key in force. */
    public boolean isEmpty() {
        refresh();
        Instant now = clock.instant();
        return keys.values().stream().noneMatch(key -> key.isValid(now));
    }

    /** The very first waits for the store; later ones a moment at most, and one of them at a time. */
    private void refresh() {
        Instant last = loaded;
        if (last == null) {
            first();
        } else if (!Reload.isFresh(last, clock.instant())) {
            reload.run(this::load);
        }
    }

    private void first() {
        loading.lock();
        try {
            if (loaded == null) {
                load();
            }
        } finally {
            loading.unlock();
        }
    }

    private void load() {
        try {
            Map<String, ApiKey> found = byHash(store.get());
            if (!found.equals(keys) || loaded == null) {
                keys = found;
                remember();
            }
            if (failing) {
                failing = false;
                trouble.accept("The keys of callers can be read again");
            }
        } catch (RuntimeException e) {
            if (loaded == null) {
                keys = remembered();
            }
            if (!failing) {
                failing = true;
                trouble.accept("The keys of callers cannot be read, those that are known go on: " + e.getMessage());
            }
        } finally {
            loaded = clock.instant();
        }
    }

    private static Map<String, ApiKey> byHash(List<ApiKey> keys) {
        Map<String, ApiKey> found = new HashMap<>();
        keys.forEach(key -> found.put(key.hash(), key));
        return Map.copyOf(found);
    }

    private void remember() {
        try {
            Durable.writePrivate(
                    file,
                    JsonMapper.shared().writeValueAsBytes(keys.values().stream().toList()));
        } catch (IOException e) {
            trouble.accept(
                    "The keys of callers cannot be kept in [%s]: a start without the database would know none: %s"
                            .formatted(file, e.getMessage()));
        }
    }

    private Map<String, ApiKey> remembered() {
        try {
            return Files.exists(file)
                    ? byHash(JsonMapper.shared()
                            .readValue(Files.readAllBytes(file), new TypeReference<List<ApiKey>>() {}))
                    : Map.of();
        } catch (IOException | JacksonException e) {
            trouble.accept(
                    "The keys of callers that were known cannot be read from [%s]: %s".formatted(file, e.getMessage()));
            return Map.of();
        }
    }
}
