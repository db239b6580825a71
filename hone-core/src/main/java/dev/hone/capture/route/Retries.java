package dev.hone.capture.route;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How often and how soon somebody is asked again: truncated exponential back-off with full jitter (Brooker 2015), all attempts
 * under one deadline.
 *
 * @param again attempts after the first, of one variant
 * @param first longest pause before the second attempt; doubled for each that follows
 * @param longest bound of that
 * @param deadline of all attempts together, to the first byte of an answer
 * @param total of the whole call, to the last byte
 */
public record Retries(int again, Duration first, Duration longest, Duration deadline, Duration total) {
    public static final Retries STANDARD = new Retries(
            2, Duration.ofMillis(250), Duration.ofSeconds(8), Duration.ofMinutes(10), Duration.ofMinutes(15));

    private static final int MOST = 10;

    public Retries {
        if (again < 0 || again > MOST) {
            throw new IllegalArgumentException("retries must be 0 to %d, not [%d]".formatted(MOST, again));
        }
        if (first.isNegative() || longest.compareTo(first) < 0 || deadline.isNegative() || deadline.isZero()) {
            throw new IllegalArgumentException(
                    "A pause must be 0 or more and at most the longest, and the deadline above 0, not [%s, %s, %s]"
                            .formatted(first, longest, deadline));
        }
        if (total.compareTo(deadline) < 0) {
            throw new IllegalArgumentException(
                    "The time of a whole call must be at least that to its first byte, not [%s] and [%s]"
                            .formatted(total, deadline));
        }
    }

    /** A pause before attempt {@code attempt}, counted from 1 for the second. */
    Duration pause(int attempt, RandomGenerator random) {
        double most = Math.min(longest.toNanos(), first.toNanos() * Math.pow(2, attempt - 1));
        return Duration.ofNanos((long) (random.nextDouble() * most));
    }
}
