package dev.hone.loop;

import dev.hone.charter.LoopRules;
import dev.hone.store.Database;
import dev.hone.store.LoopAttempts;
import dev.hone.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The hours that rounds of a use case may take in a calendar month, whichever process took them and however it ended. Whoever works on a round says so at its
 * beginning and then again and again, so that of one that was killed no more than the time between two such words is missing.
 */
final class Budget implements AutoCloseable {
    /** Between two words. */
    static final Duration BEAT = Duration.ofSeconds(10);

    private final LoopAttempts attempts;
    private final UUID useCase;
    private final String name;
    private final @Nullable Double hours;
    private final InstantSource clock;
    private final Duration beat;
    private final CountDownLatch ending = new CountDownLatch(1);
    private volatile Spent spent;
    private @Nullable UUID attempt;
    private @Nullable Thread thread;

    /** What the store knew at a moment of this process. */
    private record Spent(double seconds, long nanos) {}

    /** @param clock that says which month it is */
    Budget(Database database, UUID useCase, String name, LoopRules rules, InstantSource clock, Duration beat) {
        this.attempts = new LoopAttempts(database);
        this.useCase = useCase;
        this.name = name;
        this.hours = rules.hours();
        this.clock = clock;
        this.beat = beat;
        this.spent = look();
    }

    private Spent look() {
        Instant month = YearMonth.from(clock.instant().atOffset(ZoneOffset.UTC))
                .atDay(1)
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant();
        return new Spent(attempts.secondsSince(useCase, month), System.nanoTime());
    }

    /** From now on this process takes time. */
    void begin() {
        attempt = attempts.begin(useCase);
        spent = look();
        thread = Thread.ofPlatform().name("hone-loop-budget").daemon().start(this::repeat);
    }

    private void repeat() {
        try {
            while (!ending.await(beat.toMillis(), TimeUnit.MILLISECONDS)) {
                tell();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Where the store does not answer, what it knew last goes on counting by this machine's clock. */
    private void tell() {
        UUID begun = attempt;
        if (begun == null) {
            return;
        }
        try {
            attempts.seen(begun);
            spent = look();
        } catch (StoreException e) {
            // The next word covers this one: it says until when, not how long.
        }
    }

    /** Whether nothing is left, with what this process has taken since its last word. */
    boolean isUsedUp() {
        Spent last = spent;
        double since = attempt == null ? 0 : (System.nanoTime() - last.nanos()) / 1e9;
        return hours != null && last.seconds() + since >= 3600 * hours;
    }

    /** @throws IllegalArgumentException when nothing is left */
    void requireLeft() {
        if (isUsedUp()) {
            throw usedUp();
        }
    }

    IllegalArgumentException usedUp() {
        return new IllegalArgumentException(
                "The rounds of [%s] have taken the [%s] hours of this month ([hours-a-month] under [loop] in its charter): wait for the next month, or give more; what was begun goes on where it is"
                        .formatted(name, hours));
    }

    @Override
    public void close() {
        ending.countDown();
        Thread begun = thread;
        if (begun != null) {
            try {
                begun.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            tell();
        }
    }
}
