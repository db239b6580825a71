package dev.hone.loop;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A test does something now and asks what was done on that day, in UTC: it waits where that would soon be another one. */
final class NotBeforeMidnight implements BeforeEachCallback {
    private static final Duration LONGEST = Duration.ofMinutes(1);

    @Override
    public void beforeEach(ExtensionContext context) throws InterruptedException {
        Instant now = Instant.now();
        Instant midnight = now.truncatedTo(ChronoUnit.DAYS).plus(1, ChronoUnit.DAYS);
        if (now.plus(LONGEST).isAfter(midnight)) {
            Thread.sleep(Duration.between(now, midnight).plusMillis(10));
        }
    }
}
