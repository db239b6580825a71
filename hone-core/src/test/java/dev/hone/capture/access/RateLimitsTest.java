package dev.hone.capture.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.ApiKey;
import dev.hone.record.Ids;
import dev.hone.record.Project;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class RateLimitsTest {
    private long nanos;
    private final RateLimits limits = new RateLimits(() -> nanos);

    private static ApiKey key(@Nullable Integer perMinute) {
        return new ApiKey(
                Ids.next(),
                "key",
                "0".repeat(64),
                "hone_…",
                Set.of(ApiKey.Scope.CALL),
                Project.DEFAULT,
                new ApiKey.Bounds(null, perMinute),
                "me",
                Instant.EPOCH,
                null,
                null);
    }

    private int taken(ApiKey key, int tries) {
        int taken = 0;
        for (int i = 0; i < tries; i++) {
            taken += limits.take(key).isZero() ? 1 : 0;
        }
        return taken;
    }

    @Test
    void aMinutesCallsMayComeAtOnceAndThenOneByOne() {
        ApiKey key = key(60);
        assertEquals(60, taken(key, 1000));
        Duration wait = limits.take(key);
        assertTrue(
                wait.compareTo(Duration.ofSeconds(1)) <= 0 && wait.compareTo(Duration.ofMillis(999)) >= 0,
                wait.toString());
        nanos += wait.toNanos();
        assertEquals(1, taken(key, 10), "what is told to wait is enough");
        nanos += Duration.ofHours(1).toNanos();
        assertEquals(60, taken(key, 1000), "and no more is saved than a minute's");
    }

    /** Over ten minutes no more than the first minute's and one for each second that follows, however they come. */
    @Test
    void noMoreThanTheRateGetsThrough() {
        ApiKey key = key(60);
        int taken = 0;
        for (int i = 0; i < 6000; i++) {
            taken += taken(key, 3);
            nanos += Duration.ofMillis(100).toNanos();
        }
        assertTrue(taken >= 658 && taken <= 660, "taken " + taken);
    }

    @Test
    void keysDoNotTakeFromEachOther() {
        ApiKey one = key(1);
        assertEquals(1, taken(one, 5));
        assertEquals(1, taken(key(1), 5));
        assertEquals(5, taken(key(null), 5));
    }
}
