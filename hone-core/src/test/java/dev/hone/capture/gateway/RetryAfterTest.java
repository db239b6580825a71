package dev.hone.capture.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class RetryAfterTest {
    private static final Instant NOW = Instant.parse("2026-11-26T08:49:00Z");

    @Test
    void secondsAndDatesAreUnderstood() {
        assertEquals(Duration.ofSeconds(7), RetryAfter.of("7", NOW));
        assertEquals(Duration.ofSeconds(37), RetryAfter.of("Thu, 26 Nov 2026 08:49:37 GMT", NOW));
        assertEquals(Duration.ZERO, RetryAfter.of("Thu, 26 Nov 2026 08:48:37 GMT", NOW));
        assertNull(RetryAfter.of("soon", NOW));
        assertNull(RetryAfter.of("-1", NOW));
        assertNull(RetryAfter.of(null, NOW));
    }
}
