package dev.hone.promote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.evaluate.DifferenceInterval;
import dev.hone.promote.GateEvidence.Difference;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ReportEvidenceTest {
    private static final String REPORT = """
            {"rows": {"train": 80, "test": 40},
             "contenders": [
               {"name": "nearest", "rows": 40, "quality": {"value": 0.25, "low": 0.14, "high": 0.4}},
               {"name": "production, recorded", "rows": 20, "quality": {"value": 0.5, "low": 0.3, "high": 0.7}, "p95Ms": "NaN", "costPerThousand": "NaN"},
               {"name": "fine-tuned", "rows": 40, "quality": {"value": 0.5, "low": 0.35, "high": 0.65}, "p95Ms": 120.5, "costPerThousand": 0.01},
               {"name": "reinforced", "rows": 40, "quality": {"value": 0.6, "low": 0.45, "high": 0.74}, "p95Ms": 130, "costPerThousand": 0.02}],
             "comparisons": [
               {"a": "fine-tuned", "b": "nearest", "difference": 0.25, "low": 0.1, "high": 0.4},
               {"a": "fine-tuned", "b": "production, recorded", "difference": 0.0, "low": 0.0, "high": 0.0},
               {"a": "reinforced", "b": "fine-tuned", "difference": 0.1, "low": -0.05, "high": 0.25}],
             "slices": [
               {"name": "pay", "contender": "reinforced", "rows": 10, "quality": {"value": 0.8, "low": 0.49, "high": 0.94}},
               {"name": "pay", "contender": "fine-tuned", "rows": 10, "quality": {"value": 0.7, "low": 0.4, "high": 0.89}},
               {"name": "call", "contender": "reinforced", "rows": 8, "quality": {"value": 0.5, "low": 0.2, "high": 0.8}}]}
            """;

    private static final ReportEvidence READ = ReportEvidence.of(REPORT);

    @Test
    void whoIsWhoIsToldByTheOrderAndTheComparisons() {
        assertEquals(List.of("nearest", "production, recorded", "fine-tuned", "reinforced"), READ.contenders());
        assertEquals(Optional.of("reinforced"), READ.last());
        assertEquals(
                Optional.of("production, recorded"), READ.incumbent(), "the last of those that nobody trained here");
        assertEquals(Optional.of("nearest"), READ.named(List.of("x", "nearest", "reinforced")));
        assertEquals(Optional.empty(), READ.named(List.of("x")));
        assertEquals(
                Optional.empty(),
                ReportEvidence.of("{\"contenders\": [{\"name\": \"a\"}]}").incumbent());
    }

    @Test
    void figuresAndDifferencesAreRead() {
        GateEvidence evidence = READ.evidence("reinforced", "fine-tuned", List.of());
        assertEquals(40, evidence.rows());
        assertEquals(40, evidence.testRows());
        assertEquals(0.6, evidence.quality().value());
        assertEquals(130, evidence.p95Ms());
        assertEquals(0.02, evidence.costPerThousand());
        Difference difference = evidence.difference();
        assertEquals(0.1, difference.interval().value());
        assertEquals(-0.05, difference.interval().low());
        assertTrue(difference.paired());
        assertEquals(
                List.of("pay"),
                evidence.slices().stream().map(GateEvidence.Slice::name).toList(),
                "of both");
        assertFalse(evidence.slices().getFirst().difference().paired());
        Difference other = READ.difference("fine-tuned", "reinforced").orElseThrow();
        assertEquals(-0.1, other.interval().value());
        assertEquals(-0.25, other.interval().low());
        assertEquals(0.05, other.interval().high());
        assertTrue(Double.isNaN(
                READ.evidence("production, recorded", null, List.of()).costPerThousand()));
        assertEquals(Optional.empty(), READ.difference("reinforced", "nearest"), "nobody compared them");
        assertEquals(2, READ.slices("reinforced").size());
    }

    /** Resampling gives no width where nobody differs: a version would pass on five tasks. */
    @Test
    void anIntervalOfResamplingIsNoNarrowerThanTheTasksAllow() {
        Difference none = READ.difference("fine-tuned", "production, recorded").orElseThrow();
        assertEquals(20, none.rows(), "that both answered");
        assertEquals(DifferenceInterval.paired(0, 0, 20).low(), none.interval().low());
        assertTrue(none.interval().low() < -0.1);
    }

    @Test
    void scoresTaskByTaskComeBeforeEverythingElse() {
        ReportEvidence read =
                ReportEvidence.of(REPORT.strip().substring(0, REPORT.strip().length() - 1)
                        + ", \"scores\": {\"slices\": [\"pay\", \"pay\", \"call\", \"\"], \"contenders\": [{\"name\": \"reinforced\", \"right\": \"1110\", \"latenciesMs\": [3, -1, 5]},"
                        + " {\"name\": \"fine-tuned\", \"right\": \"0011\", \"latenciesMs\": []}]}}");
        GateEvidence evidence = read.evidence("reinforced", "fine-tuned", List.of());
        assertEquals(DifferenceInterval.paired(2, 1, 4), evidence.difference().interval());
        assertEquals(0.75, evidence.difference().discordant());
        assertEquals(List.of(3.0, 5.0), evidence.latenciesMs());
        assertEquals(
                List.of("pay", "", "call"),
                evidence.slices().stream().map(GateEvidence.Slice::name).toList());
        assertEquals(
                DifferenceInterval.paired(2, 0, 2),
                evidence.slices().getFirst().difference().interval());
    }

    @Test
    void whatCannotBeReadIsNotKnown() {
        for (String report : List.of(
                "{}",
                "{\"contenders\": 3, \"comparisons\": {}, \"slices\": \"x\", \"scores\": []}",
                "{\"contenders\": [1, null, {\"name\": 5}, {\"name\": \"a\", \"rows\": \"many\", \"quality\": {\"value\": 2}}]}",
                "{\"contenders\": [{\"name\": \"a\"}, {\"name\": \"b\"}], \"comparisons\": [{\"a\": \"a\", \"b\": \"b\", \"difference\": \"NaN\", \"low\": 0, \"high\": 1}]}",
                "{\"scores\": {\"slices\": [\"x\"], \"contenders\": [{\"name\": \"a\", \"right\": \"111\"}]}}",
                "{\"scores\": {\"slices\": null, \"contenders\": null}}")) {
            ReportEvidence read = ReportEvidence.of(report);
            GateEvidence evidence = read.evidence("a", "b", List.of());
            assertNull(evidence.difference(), report);
            assertNull(evidence.quality(), report);
            assertEquals(0, evidence.rows(), report);
            assertEquals(List.of(), evidence.slices(), report);
            assertNotNull(read.contenders());
            Gates gates = new Gates(List.of(new Gate.Quality(0.5), new Gate.Slices(0.5, 1)), null, null);
            assertFalse(gates.judge(evidence).passed(), report);
        }
        for (String none : List.of("", "[]", "3", "{", "null")) {
            assertThrows(IllegalArgumentException.class, () -> ReportEvidence.of(none), none);
        }
    }
}
