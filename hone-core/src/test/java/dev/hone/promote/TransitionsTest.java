package dev.hone.promote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.evaluate.Interval;
import dev.hone.promote.Transitions.Outcome;
import dev.hone.record.SamplingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class TransitionsTest {
    static final Instant BEGUN = Instant.parse("2026-03-01T10:00:00Z");
    static final Served CANDIDATE = new Served("job", new UUID(1, 4), 4, "a".repeat(64));
    static final Served LIVE = new Served("job", new UUID(1, 3), 3, "b".repeat(64));
    private static final int SEQUENCES = 20_000;
    private static final int EVENTS = 30;

    static Promotion promotion(long copies, boolean automatic, double... shares) {
        return new Promotion(
                new Promotion.Computed(SamplingMode.EXACT, 1, 4),
                copies,
                new CanaryPolicy(Arrays.stream(shares).boxed().toList(), 10, 0.01, 0.2, 0, automatic),
                List.of(Measure.ANSWERED),
                Duration.ofMinutes(10),
                null,
                null,
                List.of());
    }

    static Rollout waiting() {
        return new Rollout(new UUID(7, 7), CANDIDATE, LIVE, new Phase.Waiting(), false, List.of(), BEGUN);
    }

    private static Event event(Random random) {
        return switch (random.nextInt(16)) {
            case 0, 1 -> new Event.Answers(true);
            case 2 -> new Event.Answers(random.nextInt(4) > 0);
            case 3, 4, 5 -> new Event.Judged(new Decision.Advance(random.nextInt(4), 0.5));
            case 6 -> new Event.Judged(new Decision.Ready());
            case 7, 8 -> new Event.Judged(new Decision.Promote());
            case 9 -> new Event.Judged(new Decision.Hold("why"));
            case 10 ->
                random.nextInt(4) > 0
                        ? new Event.Judged(new Decision.Hold("other"))
                        : new Event.Judged(new Decision.RollBack(Measure.QUALITY, new Interval(-0.1, -0.2, -0.05)));
            case 11 -> random.nextInt(6) > 0 ? new Event.Redeclared() : new Event.Unfit("why");
            case 12 -> random.nextInt(6) > 0 ? new Event.Redeclared() : new Event.Fails("why");
            default -> new Event.Asked(Command.values()[random.nextInt(Command.values().length)], "ann");
        };
    }

    /** Whoever begins one may have a clock that is ahead: users do not get it for as long, unjudged. */
    @Test
    void nothingMovesOnBeforeItBegan() {
        for (long copies : new long[] {0, 20}) {
            Promotion promotion = promotion(copies, true, 0.05, 0.25);
            assertInstanceOf(
                    Outcome.Stays.class,
                    Transitions.next(waiting(), new Event.Answers(true), promotion, BEGUN.minusMillis(1)));
            assertInstanceOf(
                    Outcome.Moves.class, Transitions.next(waiting(), new Event.Answers(true), promotion, BEGUN));
        }
    }

    /** Any events in any order, at any times, also of a clock that goes back. */
    @Test
    void whateverHappensWhatMustNotBeIsNot() {
        Random random = new Random(1);
        int promoted = 0;
        for (int i = 0; i < SEQUENCES; i++) {
            Promotion promotion = promotion(random.nextInt(2) * 20L, random.nextBoolean(), 0.05, 0.25, 0.5);
            Rollout rollout = waiting();
            boolean passed = false;
            Instant clock = BEGUN;
            for (int j = 0; j < EVENTS; j++) {
                Event event = event(random);
                clock = clock.plusMillis(random.nextInt(20_000) - 5_000);
                Rollout before = rollout;
                Outcome outcome = Transitions.next(before, event, promotion, clock);
                if (outcome instanceof Outcome.Moves moves) {
                    rollout = moves.rollout();
                    assertTrue(!before.phase().isOver(), "what is over stays over: " + before + event);
                }
                passed |= before.phase() instanceof Phase.Waiting && event instanceof Event.Answers(boolean did) && did;
                check(before, event, rollout, passed, promotion);
            }
            promoted += rollout.phase() instanceof Phase.Promoted ? 1 : 0;
        }
        assertTrue(promoted > SEQUENCES / 50, "all of it was tried: " + promoted);
    }

    private static void check(Rollout before, Event event, Rollout after, boolean passed, Promotion promotion) {
        String told = before + " " + event + " " + after;
        boolean asked = !(after.phase() instanceof Phase.Waiting)
                && !(after.phase() instanceof Phase.RolledBack)
                && !(after.phase() instanceof Phase.Stopped);
        assertTrue(passed || !asked, "no calls without having passed: " + told);
        assertTrue(after.share() == 0 || after.phase().hasUsers(), told);
        assertEquals(after.phase().isOver(), after.stage() == null && !(after.phase() instanceof Phase.Waiting), told);
        boolean person = event instanceof Event.Asked;
        if (after.phase() instanceof Phase.Promoted && !(before.phase() instanceof Phase.Promoted)) {
            assertTrue(before.phase().hasUsers(), "what no user has seen is not promoted: " + told);
            assertTrue(
                    person
                            || promotion.policy().promotes()
                                    && event instanceof Event.Judged(Decision decision)
                                    && decision instanceof Decision.Promote,
                    "nobody else promotes: " + told);
        }
        if (before.held() && !person && !(event instanceof Event.Redeclared)) {
            boolean stays = after.equals(before) || after.phase() instanceof Phase.RolledBack;
            assertTrue(stays, "what is held goes back or stays: " + told);
        }
        if (!person
                && before.phase() instanceof Phase.Canary(int step)
                && after.phase() instanceof Phase.Canary(int next)) {
            assertTrue(next <= step + 1, "one step at a time: " + told);
        }
        @Nullable Instant end = null;
        for (Stage stage : after.stages()) {
            assertTrue(end == null || !stage.from().isBefore(end), "stages do not overlap: " + told);
            end = stage.to();
            assertTrue(end == null || !end.isBefore(stage.from()), told);
        }
        assertTrue(
                after.stages().stream()
                        .limit(Math.max(0, after.stages().size() - 1))
                        .allMatch(stage -> stage.to() != null),
                told);
    }

    private static Rollout moved(Rollout rollout, Event event, Promotion promotion) {
        return assertInstanceOf(Outcome.Moves.class, Transitions.next(rollout, event, promotion, BEGUN.plusSeconds(60)))
                .rollout();
    }

    @Test
    void aCandidateGoesItsWay() {
        Promotion promotion = promotion(20, true, 0.05, 0.5);
        Rollout shadow = moved(waiting(), new Event.Answers(true), promotion);
        assertEquals(new Phase.Shadow(), shadow.phase());
        assertEquals(0, shadow.share());
        Rollout first = moved(shadow, new Event.Judged(new Decision.Advance(0, 0)), promotion);
        assertEquals(0.05, first.share());
        Rollout second = moved(first, new Event.Judged(new Decision.Advance(1, 0.5)), promotion);
        assertEquals(0.5, second.share());
        assertEquals(2, second.ofUsers().size());
        assertEquals(
                new Phase.Promoted(),
                moved(second, new Event.Judged(new Decision.Promote()), promotion)
                        .phase());
        assertEquals(
                new Phase.Ready(1),
                moved(second, new Event.Judged(new Decision.Promote()), promotion(20, false, 0.05, 0.5))
                        .phase());
        Rollout lower = moved(second, new Event.Redeclared(), promotion(20, true, 0.05, 0.4));
        assertEquals(0.4, lower.share());
        assertEquals(3, lower.ofUsers().size(), "another proportion is another stage");
    }

    /** What calls have shown is one thing, and what else takes a candidate back another: gates ask for more after the first. */
    @Test
    void whoGoesBackSaysByWhat() {
        Promotion promotion = promotion(20, true, 0.05);
        Rollout shadow = moved(waiting(), new Event.Answers(true), promotion);
        assertEquals(
                List.of("roll-back", "withdraw", "withdraw"),
                Stream.of(
                                Transitions.next(
                                        shadow, new Event.Fails("it is silent"), promotion, BEGUN.plusSeconds(90)),
                                Transitions.next(
                                        shadow, new Event.Unfit("its files"), promotion, BEGUN.plusSeconds(90)),
                                Transitions.next(waiting(), new Event.Answers(false), promotion, BEGUN.plusSeconds(90)))
                        .map(outcome ->
                                assertInstanceOf(Outcome.Moves.class, outcome).action())
                        .toList());
    }

    @Test
    void whatCannotBeAskedForIsSaid() {
        Promotion promotion = promotion(20, true, 0.05);
        Outcome early = Transitions.next(waiting(), new Event.Asked(Command.PROMOTE, "ann"), promotion, BEGUN);
        assertTrue(assertInstanceOf(Outcome.Refused.class, early).why().contains("[job/4] is [waiting]"));
        Rollout stopped = moved(waiting(), new Event.Asked(Command.STOP, "ann"), promotion);
        Outcome late = Transitions.next(stopped, new Event.Asked(Command.RESUME, "ann"), promotion, BEGUN);
        assertTrue(assertInstanceOf(Outcome.Refused.class, late).why().contains("it is [stopped]"));
        assertEquals("5 %", Transitions.percent(0.05));
        assertEquals("12.5 %", Transitions.percent(0.125));
    }
}
