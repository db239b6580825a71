package dev.hone.promote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.promote.CanarySimulation.Ends;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CanaryPolicyTest {
    /** In each build; {@link CanarySimulationTest} has a thousand. */
    private static final int CANARIES = 120;

    private final CanaryPolicy policy = new CanaryPolicy(List.of(0.05, 0.25), 100, 0.01, 0.05, 0, true);

    private static Compared quality(Split... splits) {
        return new Compared(Measure.QUALITY, List.of(splits));
    }

    private static Split split(long live, double liveSum, long candidate, double candidateSum) {
        return new Split(new Tally(live, liveSum), new Tally(candidate, candidateSum));
    }

    @Test
    void aStepHasItsCalls() {
        assertInstanceOf(Decision.Hold.class, policy.decide(0, List.of(quality(split(900, 630, 99, 70)))));
        assertEquals(new Decision.Advance(1, 0.25), policy.decide(0, List.of(quality(split(900, 630, 100, 70)))));
    }

    @Test
    void theCallsOfAStepBeforeDoNotCountForTheNext() {
        assertInstanceOf(
                Decision.Hold.class,
                policy.decide(1, List.of(quality(split(900, 630, 5_000, 3_500), split(10, 7, 10, 7)))));
    }

    @Test
    void whatIsSurelyWorseGoesBackAtAnyStep() {
        Decision decision = policy.decide(0, List.of(quality(split(900, 630, 60, 12))));
        Decision.RollBack back = assertInstanceOf(Decision.RollBack.class, decision);
        assertEquals(Measure.QUALITY, back.measure());
        assertTrue(back.difference().high() < 0, back.toString());
    }

    @Test
    void whatIsSurelyNotWorseByMoreThanTheLossIsPromoted() {
        List<Compared> shown = List.of(quality(split(5_000, 3_500, 500, 350), split(30_000, 21_000, 10_000, 7_000)));
        assertEquals(new Decision.Promote(), policy.decide(1, shown));
        CanaryPolicy people = new CanaryPolicy(List.of(0.05, 0.25), 100, 0.01, 0.05, 0, false);
        assertEquals(new Decision.Ready(), people.decide(1, shown));
        CanaryPolicy strict = new CanaryPolicy(List.of(0.05, 0.25), 100, 0.01, 0.001, 0, true);
        assertEquals(new Decision.Hold("quality may still be worse by more than 0.001"), strict.decide(1, shown));
    }

    /** However much is known of the others. */
    @Test
    void whatIsMissingNeitherPromotesNorRollsBack() {
        Compared known = quality(split(5_000, 3_500, 500, 350), split(30_000, 21_000, 10_000, 7_000));
        Compared missing = new Compared(Measure.FEEDBACK, List.of());
        assertEquals(
                new Decision.Hold("feedback of 0 of 100 calls of this step"),
                policy.decide(1, List.of(known, missing)));
        assertInstanceOf(Decision.Hold.class, policy.decide(0, List.of()));
    }

    /** One side is empty: whoever is compared with nobody goes nowhere. */
    @Test
    void whatIsComparedWithNobodyGoesNowhere() {
        Compared known = quality(split(900, 630, 500, 350));
        Compared cost = new Compared(Measure.WITHIN_COST, List.of(split(0, 0, 5_000, 5_000)));
        for (int step = 0; step < 2; step++) {
            assertEquals(
                    new Decision.Hold("quality of 0 of 100 calls of this step that it is compared with"),
                    policy.decide(step, List.of(quality(split(0, 0, 5_000, 500)))));
            assertEquals(
                    new Decision.Hold("within cost of 0 of 100 calls of this step that it is compared with"),
                    policy.decide(step, List.of(known, cost)));
        }
        assertEquals(
                new Decision.Hold("quality of 10 of 100 calls of this step that it is compared with"),
                policy.decide(1, List.of(quality(split(900, 630, 500, 350), split(10, 7, 5_000, 3_500)))),
                "those of the step before do not count");
    }

    @Test
    void oneMeasureIsEnoughToGoBack() {
        Compared good = quality(split(5_000, 3_500, 500, 350));
        Compared bad = new Compared(Measure.ANSWERED, List.of(split(5_000, 5_000, 500, 400)));
        Decision.RollBack back = assertInstanceOf(Decision.RollBack.class, policy.decide(0, List.of(good, bad)));
        assertEquals(Measure.ANSWERED, back.measure());
    }

    @Test
    void whatCannotBeMeantIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new CanaryPolicy(List.of(0.2, 0.1), 1, 0.01, 0.05, 0, true));
        assertThrows(IllegalArgumentException.class, () -> new CanaryPolicy(List.of(1.0), 1, 0.01, 0.05, 0, true));
        assertThrows(IllegalArgumentException.class, () -> new CanaryPolicy(List.of(), 1, 0.01, 0.05, 0, true));
        assertThrows(IllegalArgumentException.class, () -> new CanaryPolicy(List.of(0.1), 1, 1.5, 0.05, 0, true));
        assertThrows(IllegalArgumentException.class, () -> policy.decide(2, List.of()));
        assertThrows(IllegalArgumentException.class, () -> new CanaryPolicy(List.of(0.1), 0, 0.01, 0.05, 0, true));
        assertThrows(IllegalArgumentException.class, () -> new CanaryPolicy(List.of(0.1), 1, 0.01, 0, 0, true));
        assertThrows(IllegalArgumentException.class, () -> new CanaryPolicy(List.of(0.1), 1, 0.01, 0.05, -1, true));
    }

    @Test
    void equalVersionsAreSeldomRolledBackAndWorseOnesSoon() {
        Ends equal = CanarySimulation.run(CANARIES, at -> 0.8, 0, CanarySimulation.policy(), 1);
        assertTrue(equal.rolledBack().size() <= CANARIES / 40, equal.toString());
        Ends worse = CanarySimulation.run(CANARIES, at -> 0.8, -0.2, CanarySimulation.policy(), 2);
        assertEquals(CANARIES, worse.rolledBack().size());
        assertTrue(worse.median() <= 200, worse.toString());
    }

    /** The check above can fail. */
    @Test
    void whoTakesEachLookForTheOnlyOneRollsBackTooOften() {
        Ends equal = CanarySimulation.run(CANARIES, at -> 0.8, 0, CanarySimulation.peeking(), 1);
        assertTrue(equal.rolledBack().size() > CANARIES / 20, equal.toString());
    }
}
