package dev.hone.web.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.promote.Evidence;
import dev.hone.promote.Stage;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class KnownTableTest {
    private static final Instant BEGUN = Instant.parse("2026-11-27T08:00:00Z");

    private static Evidence evidence(boolean copies, String splits, String difference) {
        return Objects.requireNonNull(Evidence.of("""
                {"copies": %s, "step": 1, "share": 0.5, "alpha": 0.005,
                 "measures": [{"measure": "in-time", "splits": %s, "difference": %s}]}
                """.formatted(copies, splits, difference)));
    }

    private static Stage stage(boolean copies, int step, double share) {
        return new Stage(copies, step, share, BEGUN, null);
    }

    /** The candidate is better in each of two steps, and has the lower mean of all values, since it has most of the harder step's. */
    @Test
    void eachStepHasItsMeansBesideTheDifferenceOfAll() {
        Evidence evidence = evidence(false, "[[1900, 1881, 100, 100], [500, 450, 500, 460]]", "[0.0133, -0.004, 0.03]");
        KnownTable table =
                KnownTable.of(evidence, List.of(stage(true, 0, 0), stage(false, 0, 0.05), stage(false, 1, 0.5)));
        assertEquals(
                List.of(
                        new KnownTable.Row("in-time", "step 1: 5.0 %", "1.000 of 100", "0.990 of 1,900", "+0.010"),
                        new KnownTable.Row("in-time", "step 2: 50.0 %", "0.920 of 500", "0.900 of 500", "+0.020"),
                        new KnownTable.Row(
                                "in-time",
                                "all steps, each apart",
                                "600 values",
                                "2,400 values",
                                "+0.013 (-0.004 to +0.030)")),
                table.rows());
        assertTrue(table.hasSteps());
        assertEquals(
                List.of(
                        "in-time: 1.000 of 100 against 0.990 of 1,900, then 0.920 of 500 against 0.900 of 500; difference, each step apart, +0.013 (-0.004 to +0.030)"),
                KnownTable.lines(evidence));
    }

    @Test
    void oneStepSaysAllInALine() {
        Evidence evidence = evidence(true, "[[0, 0, 40, 30]]", "[0, -1, 1]");
        KnownTable table = KnownTable.of(evidence, List.of(stage(true, 0, 0), stage(false, 0, 0.05)));
        assertEquals(
                List.of(new KnownTable.Row("in-time", "copies", "0.750 of 40", "–", "+0.000 (-1.000 to +1.000)")),
                table.rows());
        assertFalse(table.hasSteps());
    }
}
