package dev.hone.promote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ShadowPolicyTest {
    private final ShadowPolicy policy = new ShadowPolicy(50, 0.01, 0);

    private static Compared compared(Measure measure, long live, double liveSum, long candidate, double candidateSum) {
        return new Compared(measure, List.of(new Split(new Tally(live, liveSum), new Tally(candidate, candidateSum))));
    }

    @Test
    void copiesShowEnoughOrNothingOrTheWorst() {
        assertEquals(
                new Decision.Hold("answered of 49 of 50 copies"),
                policy.decide(List.of(compared(Measure.ANSWERED, 60, 60, 49, 49)), measure -> true));
        assertInstanceOf(
                Decision.Advance.class,
                policy.decide(List.of(compared(Measure.ANSWERED, 60, 60, 50, 50)), measure -> true));
        assertInstanceOf(
                Decision.RollBack.class,
                policy.decide(List.of(compared(Measure.ANSWERED, 60, 60, 40, 10)), measure -> true));
    }

    /** Compared with nobody, a candidate is not known to be as good as anybody. */
    @Test
    void copiesWithNothingToCompareThemWithShowNothing() {
        for (long others : new long[] {0, 1, 49}) {
            assertEquals(
                    new Decision.Hold("answered of %d of 50 calls that copies are compared with".formatted(others)),
                    policy.decide(List.of(compared(Measure.ANSWERED, others, others, 5_000, 5_000)), measure -> true),
                    "however many it answered");
        }
    }

    @Test
    void whatIsNotAwaitedIsHeardAllTheSame() {
        Compared answered = compared(Measure.ANSWERED, 60, 60, 50, 50);
        Compared none = compared(Measure.QUALITY, 0, 0, 0, 0);
        assertInstanceOf(Decision.Hold.class, policy.decide(List.of(answered, none), measure -> true));
        assertInstanceOf(
                Decision.Advance.class, policy.decide(List.of(answered, none), measure -> measure != Measure.QUALITY));
        assertInstanceOf(
                Decision.RollBack.class,
                policy.decide(
                        List.of(answered, compared(Measure.QUALITY, 60, 60, 40, 10)),
                        measure -> measure != Measure.QUALITY));
        assertInstanceOf(Decision.Hold.class, policy.decide(List.of(), measure -> true));
    }
}
