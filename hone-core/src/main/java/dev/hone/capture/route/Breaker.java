package dev.hone.capture.route;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Keeps calls away from a server that fails: open after some failures in a row, fewer where it said nothing at all, or when half of the
 * last calls failed; after a
 * pause one call may try, and its outcome decides. Threads share it.
 */
public final class Breaker {
    private static final int FAILED_IN_A_ROW = 10;
    private static final int SILENT_IN_A_ROW = 5;
    private static final int WINDOW = 100;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);

    private final LongSupplier nanos;
    private final boolean[] failed = new boolean[WINDOW];
    private int seen;
    private int failedInARow;
    private int silentInARow;
    private long pauseNanos = FIRST_PAUSE.toNanos();
    private boolean open;
    private boolean trying;
    private long until;

    /** @param nanos a clock as {@link System#nanoTime} */
    public Breaker(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** A call that was let through. Ends once: with its outcome, or because its client went away. */
    public final class Call {
        private final boolean decides;
        private boolean ended;

        private Call(boolean decides) {
            this.decides = decides;
        }

        /** What came of it. */
        public void end(Outcome outcome) {
            synchronized (Breaker.this) {
                if (!ended) {
                    ended = true;
                    record(decides, outcome);
                }
            }
        }

        /** It shows nothing: nobody waits for it any more. */
        public void abandon() {
            synchronized (Breaker.this) {
                if (!ended) {
                    ended = true;
                    trying &= !decides;
                }
            }
        }
    }

    /** A call, where somebody may call now. */
    public synchronized Optional<Call> tryCall() {
        if (!open) {
            return Optional.of(new Call(false));
        }
        if (trying || nanos.getAsLong() - until < 0) {
            return Optional.empty();
        }
        trying = true;
        return Optional.of(new Call(true));
    }

    /** Of calls that began before it opened nothing more is learned. */
    private void record(boolean decides, Outcome outcome) {
        boolean failure = outcome.isFailure();
        if (decides) {
            trying = false;
            if (failure) {
                pauseNanos = Math.min(2 * pauseNanos, LONGEST_PAUSE.toNanos());
                until = nanos.getAsLong() + pauseNanos;
            } else {
                close();
            }
        } else if (!open) {
            failed[seen++ % WINDOW] = failure;
            failedInARow = failure ? failedInARow + 1 : 0;
            silentInARow = outcome.isSilence() ? silentInARow + 1 : 0;
            if (failedInARow >= FAILED_IN_A_ROW
                    || silentInARow >= SILENT_IN_A_ROW
                    || seen >= WINDOW && 2 * failures() >= WINDOW) {
                open = true;
                until = nanos.getAsLong() + pauseNanos;
            }
        }
    }

    private void close() {
        open = false;
        seen = 0;
        failedInARow = 0;
        silentInARow = 0;
        pauseNanos = FIRST_PAUSE.toNanos();
    }

    private int failures() {
        int failures = 0;
        for (boolean one : failed) {
            failures += one ? 1 : 0;
        }
        return failures;
    }

    /** Whether it keeps calls away. */
    public synchronized boolean isOpen() {
        return open;
    }
}
