package dev.hone.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.charter.Charter.Constraints;
import dev.hone.evaluate.Interval;
import dev.hone.evaluate.Report;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ConstraintVerdictTest {
    private static Report.Contender contender(double p95Ms, double costPerThousand) {
        return new Report.Contender(
                "tuned",
                new Report.Contender.Correctness(new Interval(0.5, 0.4, 0.6), 100, 1, 1),
                new Report.Contender.Tokens(80, 20, 300),
                new Report.Contender.Latency(100, p95Ms),
                costPerThousand);
    }

    @Test
    void eachConstraintIsMetOrNot() {
        Constraints constraints = new Constraints(0.05, Duration.ofMillis(800));
        List<ConstraintVerdict> verdicts = ConstraintVerdict.of(constraints, contender(1000, 0.05));
        assertEquals(
                List.of(
                        new ConstraintVerdict("cost-per-thousand", 0.05, 0.05),
                        new ConstraintVerdict("p95", 800, 1000)),
                verdicts);
        assertTrue(verdicts.getFirst().met());
        assertFalse(verdicts.getLast().met());
    }

    @Test
    void whatWasNotMeasuredWasNotKept() {
        assertFalse(ConstraintVerdict.of(new Constraints(0.05, null), contender(1, Double.NaN))
                .getFirst()
                .met());
    }

    @Test
    void withoutConstraintsThereIsNothingToKeep() {
        assertEquals(List.of(), ConstraintVerdict.of(new Constraints(null, null), contender(1, 1)));
        assertEquals(
                List.of(new ConstraintVerdict("p95", 1500, 1500)),
                ConstraintVerdict.of(new Constraints(null, Duration.ofMillis(1500)), contender(1500, 9)));
    }
}
