package dev.hone.capture.route;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class BreakerTest {
    private long now = Long.MAX_VALUE - 5;
    private final Breaker breaker = new Breaker(() -> now);

    private static Outcome outcome(boolean failure) {
        return failure ? new Outcome.Busy(500, null) : new Outcome.Final(200);
    }

    private void end(boolean failure) {
        breaker.tryCall().orElseThrow().end(outcome(failure));
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            end(true);
        }
    }

    private boolean mayCall() {
        return breaker.tryCall().isPresent();
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    @Test
    void opensAfterFailuresInARowAndLetsOneTry() {
        fail(9);
        end(false);
        fail(10);
        assertFalse(mayCall());
        pass(Duration.ofSeconds(2));
        Breaker.Call tries = breaker.tryCall().orElseThrow();
        assertFalse(mayCall(), "one tries");
        tries.end(outcome(false));
        assertTrue(mayCall() && mayCall());
    }

    /** Who says nothing is passed over sooner than who says that it cannot. */
    @Test
    void opensSoonerWhereNothingCame() {
        for (Outcome silent :
                List.of(new Outcome.TimedOut(Duration.ofSeconds(1)), new Outcome.Unreachable("no connection"))) {
            Breaker one = new Breaker(() -> now);
            for (int i = 0; i < 5; i++) {
                assertFalse(one.isOpen());
                one.tryCall().orElseThrow().end(silent);
            }
            assertTrue(one.isOpen());
        }
    }

    @Test
    void opensWhenHalfOfTheLastCallsFailed() {
        for (int i = 0; i < 49; i++) {
            end(true);
            end(false);
        }
        assertFalse(breaker.isOpen());
        end(false);
        end(true);
        assertTrue(breaker.isOpen());
    }

    /** A server of which three in ten calls fail is worth asking: with others beside it, and all the more alone. */
    @Test
    void staysClosedWhereMostCallsAreAnswered() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            end(random.nextInt(10) < 3);
        }
        assertFalse(breaker.isOpen());
    }

    @Test
    void waitsLongerEachTimeUpToABound() {
        fail(10);
        long pause = 2;
        for (int i = 0; i < 10; i++) {
            pass(Duration.ofSeconds(pause).minusNanos(1));
            assertFalse(mayCall(), "after " + i);
            pass(Duration.ofNanos(1));
            end(true);
            pause = Math.min(60, 2 * pause);
        }
        pass(Duration.ofSeconds(60));
        end(false);
        fail(10);
        pass(Duration.ofSeconds(2));
        assertTrue(mayCall(), "after a success the pauses begin anew");
    }

    @Test
    void whoWentAwayLetsAnotherTry() {
        fail(10);
        pass(Duration.ofSeconds(2));
        Breaker.Call gone = breaker.tryCall().orElseThrow();
        gone.abandon();
        Breaker.Call next = breaker.tryCall().orElseThrow();
        gone.abandon();
        assertFalse(mayCall(), "the next one tries");
        next.end(outcome(false));
        assertFalse(breaker.isOpen());
    }

    /** Calls that began before it opened say nothing about the one that tries. */
    @Test
    void lateOutcomesDoNotDecide() {
        Breaker.Call before = breaker.tryCall().orElseThrow();
        Breaker.Call other = breaker.tryCall().orElseThrow();
        fail(10);
        before.end(outcome(false));
        assertTrue(breaker.isOpen());
        pass(Duration.ofSeconds(2));
        Breaker.Call tries = breaker.tryCall().orElseThrow();
        other.end(outcome(false));
        assertTrue(breaker.isOpen());
        tries.end(outcome(true));
        assertFalse(mayCall());
    }
}
