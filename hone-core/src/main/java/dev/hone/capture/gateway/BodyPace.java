package dev.hone.capture.gateway;

import java.time.Duration;
import java.util.function.LongSupplier;

/** How slowly a body may come: each holds a place among the calls, and its announced length in memory, until it is there. */
final class BodyPace {
    private static final Duration AT_ALL = Duration.ofMinutes(1);
    private static final long LEAST_BYTES_A_SECOND = 32 << 10;

    private final LongSupplier nanos;
    private final long begun;

    /** @param nanos a clock as {@link System#nanoTime} */
    BodyPace(LongSupplier nanos) {
        this.nanos = nanos;
        this.begun = nanos.getAsLong();
    }

    /**
     * Goes on with a body.
     *
     * @param bytes of it that have come
     * @throws GatewayRefusal when they took too long
     */
    void require(long bytes) {
        long most = AT_ALL.toNanos() + bytes * Duration.ofSeconds(1).toNanos() / LEAST_BYTES_A_SECOND;
        if (nanos.getAsLong() - begun > most) {
            throw GatewayRefusal.of(
                    408,
                    "request_timeout",
                    "The body comes too slowly: [%d] bytes in [%d] s; send at least [%d] a second, after the first [%d] s"
                            .formatted(
                                    bytes,
                                    Duration.ofNanos(nanos.getAsLong() - begun).toSeconds(),
                                    LEAST_BYTES_A_SECOND,
                                    AT_ALL.toSeconds()));
        }
    }
}
