package dev.hone.capture.access;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;

/** Asks the store again on behalf of a caller, who waits a moment for what it says, and then goes on with what is known. */
final class Reload {
    private static final Duration PATIENCE = Duration.ofMillis(500);
    private static final Duration FRESH = Duration.ofSeconds(5);

    private final AtomicBoolean running = new AtomicBoolean();

    /** Whether what was loaded then still counts. A clock that was set back makes it old: else it would count until the clock is there again. */
    static boolean isFresh(Instant loaded, Instant now) {
        return !now.isBefore(loaded) && now.isBefore(loaded.plus(FRESH));
    }

    /** Runs this on a thread of its own, unless it runs already. */
    void run(Runnable load) {
        if (!running.compareAndSet(false, true)) {
            return;
        }
        Thread thread = Thread.ofVirtual().name("hone-reload").start(() -> {
            try {
                load.run();
            } finally {
                running.set(false);
            }
        });
        try {
            thread.join(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
