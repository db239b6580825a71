package dev.hone.capture.access;

import dev.hone.record.ApiKey;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Calls of each key per minute, as a bucket of tokens: a minute's calls may come at once, and then as many as become free. Of this
 * process alone.
 */
public final class RateLimits {
    private static final double MINUTE = Duration.ofMinutes(1).toNanos();

    private final LongSupplier nanos;
    private final Map<UUID, Bucket> buckets = new ConcurrentHashMap<>();

    private record Bucket(double tokens, long at) {}

    /** @param nanos a clock as {@link System#nanoTime} */
    public RateLimits(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Takes a call. @return zero when it may be made, else after how long it might */
    public Duration take(ApiKey key) {
        Integer most = key.bounds().callsPerMinute();
        if (most == null) {
            return Duration.ZERO;
        }
        long now = nanos.getAsLong();
        double perNano = most / MINUTE;
        Duration[] wait = {Duration.ZERO};
        buckets.compute(key.id(), (id, bucket) -> {
            double tokens = bucket == null ? most : Math.min(most, bucket.tokens() + (now - bucket.at()) * perNano);
            if (tokens < 1) {
                wait[0] = Duration.ofNanos((long) Math.ceil((1 - tokens) / perNano));
                return new Bucket(tokens, now);
            }
            return new Bucket(tokens - 1, now);
        });
        return wait[0];
    }
}
