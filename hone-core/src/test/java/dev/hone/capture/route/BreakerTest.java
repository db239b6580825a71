package dev.hone.capture.route;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class BreakerTest {
    private long now = Long.MAX_VALUE - 5;
    private final Breaker breaker = new Breaker(() -> now);

    private void end(boolean failure) {
        breaker.tryCall().orElseThrow().end(failure);
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
        fail(4);
        end(false);
        fail(5);
        assertFalse(mayCall());
        pass(Duration.ofSeconds(2));
        Breaker.Call tries = breaker.tryCall().orElseThrow();
        assertFalse(mayCall(), "one tries");
        tries.end(false);
        assertTrue(mayCall() && mayCall());
    }

    @Test
    void opensWhenHalfOfTheLastCallsFailed() {
        for (int i = 0; i < 9; i++) {
            end(true);
            end(false);
        }
        assertFalse(breaker.isOpen());
        end(false);
        end(true);
        assertTrue(breaker.isOpen());
    }

    @Test
    void waitsLongerEachTimeUpToABound() {
        fail(5);
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
        fail(5);
        pass(Duration.ofSeconds(2));
        assertTrue(mayCall(), "after a success the pauses begin anew");
    }

    @Test
    void whoWentAwayLetsAnotherTry() {
        fail(5);
        pass(Duration.ofSeconds(2));
        Breaker.Call gone = breaker.tryCall().orElseThrow();
        gone.abandon();
        Breaker.Call next = breaker.tryCall().orElseThrow();
        gone.abandon();
        assertFalse(mayCall(), "the next one tries");
        next.end(false);
        assertFalse(breaker.isOpen());
    }

    /** Calls that began before it opened say nothing about the one that tries. */
    @Test
    void lateOutcomesDoNotDecide() {
        Breaker.Call before = breaker.tryCall().orElseThrow();
        Breaker.Call other = breaker.tryCall().orElseThrow();
        fail(5);
        before.end(false);
        assertTrue(breaker.isOpen());
        pass(Duration.ofSeconds(2));
        Breaker.Call tries = breaker.tryCall().orElseThrow();
        other.end(false);
        assertTrue(breaker.isOpen());
        tries.end(true);
        assertFalse(mayCall());
    }
}
