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
        Decision drift = decide(new State(DRIFT, 50, LONG_AGO, LONG_AGO, false));
        assertTrue(drift.start());
        assertEquals(List.of("production has drifted: inputs: clusters (moved)"), drift.reasons());
        assertTrue(decide(new State(List.of(), 200, LONG_AGO, LONG_AGO, false)).start());
        assertFalse(decide(new State(List.of(), 199, LONG_AGO, LONG_AGO, false)).start());
        Decision schedule = decide(new State(List.of(), 1, LONG_AGO, NOW.minus(Duration.ofDays(7)), false));
        assertTrue(schedule.start());
        assertTrue(
                schedule.reasons().getFirst().contains("every 7d"),
                schedule.reasons().toString());
        assertFalse(decide(new State(
                        List.of(), 1, LONG_AGO, NOW.minus(Duration.ofDays(7)).plusSeconds(1), false))
                .start());
        assertEquals(
                3,
                decide(new State(DRIFT, 500, LONG_AGO, NOW.minus(Duration.ofDays(9)), false))
                        .triggers()
                        .size());
    }

    @Test
    void aReasonAgainstItOutweighsAll() {
        Decision running = decide(new State(DRIFT, 500, LONG_AGO, LONG_AGO, true));
        assertFalse(running.start());
        assertEquals(List.of("a loop of this use case goes on"), running.against());
        Decision cooling = decide(new State(DRIFT, 500, LONG_AGO, NOW.minus(Duration.ofHours(23)), false));
        assertFalse(cooling.start());
        assertTrue(
                cooling.against().getFirst().contains("2026-05-10T13:00:00Z"),
                cooling.against().toString());
        Decision unlabelled = decide(new State(DRIFT, 0, LONG_AGO, LONG_AGO, false));
        assertFalse(unlabelled.start());
        assertTrue(
                unlabelled.against().getFirst().contains("nobody has labelled"),
                unlabelled.against().toString());
        assertEquals(1, unlabelled.triggers().size(), "the reason stands all the same");
    }

    /** One label of two hundred calls that wait teaches nothing of what is new, and a loop that began with it would cool down before the others are there. */
    @Test
    void driftWaitsForLabels() {
        Decision few = decide(new State(DRIFT, 49, LONG_AGO, LONG_AGO, false));
        assertFalse(few.start());
        assertEquals(1, few.triggers().size(), "it is told all the same");
        assertEquals(List.of("of the 50 new labels that a loop after drift takes [49] are there"), few.against());
        Decision due = decide(new State(DRIFT, 1, LONG_AGO, NOW.minus(Duration.ofDays(8)), false));
        assertTrue(due.start(), "what is due by schedule does not wait for it: " + due);
        Improving less =
                new Improving(0.1, 1, Improving.STANDARD.drift(), 20, 50, 0, Duration.ofDays(7), Duration.ofHours(1));
        assertTrue(
                Trigger.decide(new State(DRIFT, 20, LONG_AGO, LONG_AGO, false), less, NOW)
                        .start(),
                "never more than start one without drift");
    }

    /** Where no loop ever was the schedule counts from the first label. */
    @Test
    void aScheduleBeginsWithTheFirstLabel() {
        assertFalse(decide(new State(List.of(), 5, NOW.minus(Duration.ofDays(6)), null, false))
                .start());
        assertTrue(decide(new State(List.of(), 5, NOW.minus(Duration.ofDays(7)), null, false))
                .start());
    }

    /** Of a use case in which nothing ever happened nothing is said, and a clock that went back starts nothing. */
    @Test
    void nothingStartsNothing() {
        Decision nothing = decide(new State(List.of(), 0, LONG_AGO, null, false));
        assertFalse(nothing.start());
        assertEquals(List.of(), nothing.triggers());
        assertFalse(decide(new State(DRIFT, 500, LONG_AGO, NOW.plus(Duration.ofDays(3)), false))
                .start());
        Improving never = new Improving(0.1, 1, Improving.STANDARD.drift(), 200, 50, 0, null, Duration.ofHours(1));
        assertFalse(
                Trigger.decide(new State(List.of(), 5, LONG_AGO, NOW.minus(Duration.ofDays(900)), false), never, NOW)
                        .start());
    }
}
