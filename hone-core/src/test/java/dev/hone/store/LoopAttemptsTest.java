package dev.hone.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Attempts count from their beginning until they were last seen, whatever came of them. */
final class LoopAttemptsTest {
    private static final Database DATABASE = TestDatabase.database();

    private final LoopAttempts attempts = new LoopAttempts(DATABASE);

    /** Moves the beginning of an attempt into the past, as if it had been seen all the time since. */
    private static void ago(UUID attempt, Duration ago) {
        DATABASE.inTransaction(connection -> Rows.change(
                connection,
                "UPDATE loop_attempt SET began = began - make_interval(secs => ?) WHERE id = ?",
                (double) ago.toSeconds(),
                attempt));
    }

    @Test
    void whatWasSeenCountsWhoeverDied() throws InterruptedException {
        UUID useCase = new UseCases(DATABASE).obtain("attempts");
        UUID other = new UseCases(DATABASE).obtain("attempts-other");
        Instant from = Instant.now().minus(Duration.ofDays(1));
        assertEquals(0, attempts.secondsSince(useCase, from));
        UUID killed = attempts.begin(useCase);
        Thread.sleep(50);
        attempts.seen(killed);
        double seconds = attempts.secondsSince(useCase, from);
        assertTrue(seconds >= 0.05 && seconds < 10, "" + seconds);
        ago(killed, Duration.ofHours(2));
        ago(attempts.begin(useCase), Duration.ofHours(1));
        ago(attempts.begin(other), Duration.ofHours(9));
        assertEquals(
                3 * 3_600, attempts.secondsSince(useCase, from), 10, "all attempts of the use case, and no others");
    }

    /** Of one that began before the month, what is of the month counts. */
    @Test
    void anAttemptOverTheEndOfAMonthCountsInBoth() {
        UUID useCase = new UseCases(DATABASE).obtain("attempts-month");
        ago(attempts.begin(useCase), Duration.ofHours(2));
        assertEquals(1_800, attempts.secondsSince(useCase, Instant.now().minus(Duration.ofMinutes(30))), 10);
        assertEquals(0, attempts.secondsSince(useCase, Instant.now().plus(Duration.ofMinutes(30))));
    }
}
