package dev.hone.serve;

import dev.hone.capture.access.Secret;
import dev.hone.promote.Promotion;
import dev.hone.promote.Served;
import dev.hone.promote.VersionServers;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Versions of Hone's own, each with a server, opened and closed while calls are answered: a new one beside the one that it takes the place of, which
 * ends when its calls have. Threads share it.
 */
public final class OwnVersions implements VersionServers, AutoCloseable {
    /** How long calls that have just chosen a server may take to reach it. */
    private static final Duration LINGER = Duration.ofSeconds(3);

    private static final Duration PAUSE = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final int IN_VAIN = 3;

    private final Starting starting;
    private final Consumer<String> notices;
    private final Duration pause;
    private final Duration linger;
    private final Map<Served, Entry> entries = new HashMap<>();

    /** Starts the server of a version. */
    public interface Starting {
        /** @throws IOException when it cannot be; {@link IllegalArgumentException} as well */
        Running start(Served version, Promotion.Computed computed) throws IOException;
    }

    /** A server that answers. */
    public interface Running extends AutoCloseable {
        /** Address under which OpenAI's paths are. */
        URI base();

        /** What it wants to be shown; null where anybody of the machine may ask. */
        default @Nullable Secret key() {
            return null;
        }

        /** Ends it when its calls have ended, or after a while. */
        @Override
        void close();
    }

    /** @param notices hears what opens, closes and fails */
    OwnVersions(Starting starting, Consumer<String> notices) {
        this(starting, notices, PAUSE, LINGER);
    }

    OwnVersions(Starting starting, Consumer<String> notices, Duration pause, Duration linger) {
        this.starting = starting;
        this.notices = notices;
        this.pause = pause;
        this.linger = linger;
    }

    @Override
    public synchronized void want(String useCase, Promotion.Computed computed, Collection<Served> versions) {
        for (Served version : versions) {
            entries.computeIfAbsent(version, wanted -> new Entry(wanted, computed).begin());
        }
        for (Served version : List.copyOf(entries.keySet())) {
            if (version.useCase().equals(useCase) && !versions.contains(version)) {
                Entry gone = entries.remove(version);
                if (gone != null) {
                    gone.end(linger);
                }
            }
        }
    }

    @Override
    public synchronized State state(Served version) {
        Entry entry = entries.get(version);
        return entry == null ? new State.Opening() : entry.state();
    }

    @Override
    public void close() {
        List<Entry> all;
        synchronized (this) {
            all = List.copyOf(entries.values());
            entries.clear();
        }
        all.forEach(entry -> entry.end(Duration.ZERO));
        all.forEach(Entry::await);
    }

    /** A version that is wanted, on a thread of its own until it is not any more. */
    private final class Entry {
        private final Served version;
        private final Promotion.Computed computed;
        private final CountDownLatch ending = new CountDownLatch(1);
        private final Thread thread;
        private volatile State state = new State.Opening();
        private volatile long openingNanos = System.nanoTime();
        private volatile Duration after = Duration.ZERO;

        Entry(Served version, Promotion.Computed computed) {
            this.version = version;
            this.computed = computed;
            this.thread = Thread.ofPlatform()
                    .name("hone-version-" + version.reference())
                    .daemon()
                    .unstarted(this::run);
        }

        Entry begin() {
            thread.start();
            return this;
        }

        State state() {
            boolean late = state instanceof State.Opening && System.nanoTime() - openingNanos > PATIENCE.toNanos();
            return late
                    ? new State.Fails(
                            "its server has not opened for %d minutes".formatted(PATIENCE.toMinutes()), IN_VAIN)
                    : state;
        }

        private void run() {
            Running running = null;
            try {
                for (int tries = 1; running == null && ending.getCount() > 0; tries++) {
                    running = open(tries);
                    if (running == null && ending.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                        return;
                    }
                }
                ending.await();
                Thread.sleep(after);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                if (running != null) {
                    close(running);
                }
            }
        }

        private void close(Running running) {
            try {
                running.close();
                notices.accept("[%s] has ended".formatted(version.reference()));
            } catch (RuntimeException e) {
                notices.accept(
                        "[%s] has ended, and not as it should: %s".formatted(version.reference(), e.getMessage()));
            }
        }

        private @Nullable Running open(int tries) {
            openingNanos = System.nanoTime();
            try {
                Running opened = starting.start(version, computed);
                state = new State.Answers(opened.base(), opened.key());
                notices.accept("[%s] answers".formatted(version.reference()));
                return opened;
            } catch (IOException | RuntimeException e) {
                state = new State.Fails(String.valueOf(e.getMessage()), tries);
                notices.accept(
                        "[%s] cannot be opened, and is tried again: %s".formatted(version.reference(), e.getMessage()));
                return null;
            }
        }

        void end(Duration later) {
            after = later;
            ending.countDown();
        }

        void await() {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
