package dev.hone.capture.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.capture.route.Breaker;
import dev.hone.capture.route.Outcome;
import dev.hone.capture.route.Variant;
import org.junit.jupiter.api.Test;

final class BreakersTest {
    private static final int MOST = 1_000;

    private final Breakers breakers = new Breakers();

    private static Variant model(String name) {
        return new Variant("v", "server", name, 1, false);
    }

    private Breaker open(String name) {
        Breaker breaker = breakers.of(model(name));
        for (int i = 0; i < 10; i++) {
            breaker.tryCall().orElseThrow().end(new Outcome.Busy(500, null));
        }
        assertTrue(breaker.isOpen());
        return breaker;
    }

    /** A product that puts something of its own into each name must not fill the heap, nor have the real ones forgotten. */
    @Test
    void madeUpNamesAreForgottenAndNotTheOthers() {
        Breaker failing = open("failing");
        Breaker used = breakers.of(model("used"));
        Breaker idle = breakers.of(model("idle"));
        for (int i = 0; i < 20 * MOST; i++) {
            breakers.of(model("made-up-" + i));
            if (i % 100 == 0) {
                assertSame(used, breakers.of(model("used")));
            }
        }
        assertEquals(MOST, breakers.size());
        assertSame(failing, breakers.of(model("failing")));
        assertSame(used, breakers.of(model("used")));
        assertNotSame(idle, breakers.of(model("idle")));
    }

    @Test
    void theyAreBoundedAlsoWhereAllAreOpen() {
        for (int i = 0; i < MOST + 50; i++) {
            open("made-up-" + i);
        }
        assertEquals(MOST, breakers.size());
        assertFalse(breakers.of(model("made-up-0")).isOpen());
        assertTrue(breakers.of(model("made-up-" + (MOST + 49))).isOpen());
    }

    @Test
    void serversThatAreOthersNowBeginAnew() {
        Breaker one = breakers.of(model("m"));
        Breaker other = breakers.of(new Variant("v", "other", "m", 1, false));
        breakers.forget("server"::equals);
        assertNotSame(one, breakers.of(model("m")));
        assertSame(other, breakers.of(new Variant("v", "other", "m", 1, false)));
    }
}
