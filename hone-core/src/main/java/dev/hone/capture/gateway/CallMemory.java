package dev.hone.capture.gateway;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes of requests and answers that may be held at once, by all calls together. What is beyond that is turned away before the heap is
 * full, which would end all calls.
 */
final class CallMemory {
    /** A byte of a request or answer is held in up to six places at once, as it came, as it goes on, and as it is recorded; others need room, too. */
    private static final int PLACES = 8;

    private static final long LEAST_BYTES = 64L << 20;

    private final AtomicLong free;

    CallMemory(long bytes) {
        free = new AtomicLong(bytes);
    }

    /** What this virtual machine can hold. */
    static CallMemory standard() {
        return new CallMemory(Math.max(LEAST_BYTES, Runtime.getRuntime().maxMemory() / PLACES));
    }

    /** Of one call, which gives it back at its end. */
    Share share() {
        return new Share();
    }

    /** What a call that finds no room is told. */
    static GatewayRefusal refusal() {
        return GatewayRefusal.later(
                503,
                "overloaded",
                "The gateway holds as much of other calls as it can: send this one again in a moment",
                Duration.ofSeconds(1));
    }

    /** On one thread. */
    final class Share implements AutoCloseable {
        private long held;

        private Share() {}

        /** @return whether there was room; if not, nothing is taken */
        boolean take(long bytes) {
            if (free.addAndGet(-bytes) < 0) {
                free.addAndGet(bytes);
                return false;
            }
            held += bytes;
            return true;
        }

        /** Gives back what was taken and is no longer held. */
        void give(long bytes) {
            free.addAndGet(bytes);
            held -= bytes;
        }

        @Override
        public void close() {
            free.addAndGet(held);
            held = 0;
        }
    }
}
