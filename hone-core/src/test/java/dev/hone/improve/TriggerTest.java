package dev.hone.improve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.improve.Trigger.Decision;
import dev.hone.improve.Trigger.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TriggerTest {
    private static final Instant NOW = Instant.parse("2026-05-10T12:00:00Z");
    private static final Instant LONG_AGO = NOW.minus(Duration.ofDays(2));
    private static final List<String> DRIFT = List.of("inputs: clusters (moved)");

    private static Decision decide(State state) {
        return Trigger.decide(state, Improving.STANDARD, NOW);
    }

    @Test
    void eachReasonStartsALoop() {
        Decision drift = decide(new State(DRIFT, 1, LONG_AGO, false));
        assertTrue(drift.start());
        assertEquals(List.of("production has drifted: inputs: clusters (moved)"), drift.reasons());
        assertTrue(decide(new State(List.of(), 200, LONG_AGO, false)).start());
        assertFalse(decide(new State(List.of(), 199, LONG_AGO, false)).start());
        Decision schedule = decide(new State(List.of(), 1, NOW.minus(Duration.ofDays(7)), false));
        assertTrue(schedule.start());
        assertTrue(
                schedule.reasons().getFirst().contains("every 7d"),
                schedule.reasons().toString());
        assertFalse(decide(new State(List.of(), 1, NOW.minus(Duration.ofDays(7)).plusSeconds(1), false))
                .start());
        assertEquals(
                3,
                decide(new State(DRIFT, 500, NOW.minus(Duration.ofDays(9)), false))
                        .triggers()
                        .size());
    }

    @Test
    void aReasonAgainstItOutweighsAll() {
        Decision running = decide(new State(DRIFT, 500, LONG_AGO, true));
        assertFalse(running.start());
        assertEquals(List.of("a loop of this use case goes on"), running.against());
        Decision cooling = decide(new State(DRIFT, 500, NOW.minus(Duration.ofHours(23)), false));
        assertFalse(cooling.start());
        assertTrue(
                cooling.against().getFirst().contains("2026-05-10T13:00:00Z"),
                cooling.against().toString());
        Decision unlabelled = decide(new State(DRIFT, 0, LONG_AGO, false));
        assertFalse(unlabelled.start());
        assertTrue(
                unlabelled.against().getFirst().contains("nobody has labelled"),
                unlabelled.against().toString());
        assertEquals(1, unlabelled.triggers().size(), "the reason stands all the same");
    }

    /** Of a use case in which nothing ever happened nothing is said, and a clock that went back starts nothing. */
    @Test
    void nothingStartsNothing() {
        Decision nothing = decide(new State(List.of(), 0, null, false));
        assertFalse(nothing.start());
        assertEquals(List.of(), nothing.triggers());
        assertFalse(decide(new State(DRIFT, 500, NOW.plus(Duration.ofDays(3)), false))
                .start());
        Improving never = new Improving(0.1, 1, Improving.STANDARD.drift(), 200, 0, null, Duration.ofHours(1));
        assertFalse(Trigger.decide(new State(List.of(), 5, NOW.minus(Duration.ofDays(900)), false), never, NOW)
                .start());
    }
}
