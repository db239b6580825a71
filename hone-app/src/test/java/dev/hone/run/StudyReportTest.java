package dev.hone.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.evaluate.Question;
import dev.hone.evaluate.Report;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class StudyReportTest {
    private static StudyReport report() {
        return report(Set.of());
    }

    private static StudyReport report(Set<Integer> chosenBy) {
        return KnownStudy.outcome(chosenBy).report();
    }

    private static Report.Comparison comparison(Study.Arm a, Study.Arm b) {
        return report().pooled().comparisons().stream()
                .filter(one -> one.a().equals(a.contender()) && one.b().equals(b.contender()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theFirstSeedsFoldsArePooledTaskByTask() {
        Report pooled = report().pooled();
        assertEquals(80, pooled.rows().train());
        assertEquals(40, pooled.rows().test());
        assertEquals(6, pooled.contenders().size());
        Report.Contender found = pooled.contenders().get(Study.Arm.FOUND.ordinal());
        assertEquals(Study.Arm.FOUND.contender(), found.name());
        assertEquals(26.0 / 40, found.quality().value(), 1e-12);
        Report.Comparison question = comparison(Study.Arm.FOUND, Study.Arm.AGAIN);
        assertEquals(12.0 / 40, question.difference(), 1e-12);
        // McNemar's exact test of 12 rows that one alone has right, against none: 2 / 2^12.
        assertEquals(2 / 4096.0, question.p(), 1e-12);
        assertTrue(question.pHolm() > question.p());
        assertEquals(3.0 / 40, comparison(Study.Arm.REWARDS, Study.Arm.WARM).difference(), 1e-12);
        assertEquals(1.0 / 40, comparison(Study.Arm.REWARDS, Study.Arm.AGAIN).difference(), 1e-12);
    }

    @Test
    void theQuestionIsAnsweredByTheReportsFigures() {
        StudyVerdict verdict = report().verdict();
        Report.Comparison question = comparison(Study.Arm.FOUND, Study.Arm.AGAIN);
        assertEquals(question.pHolm(), verdict.question().pHolm());
        assertEquals(12, verdict.question().wins());
        assertEquals(Question.Answer.BETTER, verdict.question().answer());
        Question experts = Objects.requireNonNull(verdict.experts());
        assertEquals(Study.Arm.ALL.contender(), experts.b());
        assertEquals(Question.Answer.NOT_SHOWN, experts.answer());
        assertTrue(
                verdict.sentence().startsWith("Rewards add to demonstrations: then what it found minus the same again")
                        && verdict.sentence().contains("No difference from demonstrations of all rows is shown"),
                verdict.sentence());
    }

    @Test
    void whatEqualComputeCameToIsSaid() {
        StudyCompute compute = report().compute();
        assertEquals(2 * (3 + 1), compute.ratios().size());
        StudyCompute.Ratio cell = compute.ratios().getFirst();
        assertEquals(0, cell.fold());
        assertEquals(14 / 14.0, cell.seconds(), 1e-12);
        assertEquals(1000 / 2000.0, cell.tokens(), 1e-12);
        // The fastest demonstrations took 7 s, like the fastest rewards: 7 s for the control, 14 for both.
        assertEquals(0.5, cell.fastest(), 1e-12);
        assertTrue(compute.ratios().stream().filter(one -> one.fold() == null).count() == 2);
        assertTrue(
                compute.sentence().contains("1.00 times the seconds")
                        && compute.sentence().contains("more time by one count"),
                compute.sentence());
    }

    @Test
    void seedsOfTheFirstFoldAreSpread() {
        StudyReport.Spread found = report().spreads().stream()
                .filter(one -> one.contender().equals(Study.Arm.FOUND.contender()))
                .findFirst()
                .orElseThrow();
        assertEquals(new StudyReport.Spread(Study.Arm.FOUND.contender(), 2, 0.85, 0.7, 1), found);
        assertEquals(Study.Arm.values().length, report().spreads().size());
    }

    @Test
    void foldsThatChoseNothingAreReportedBeside() {
        assertNull(report().heldOut());
        assertNull(report(Set.of(0, 1)).heldOut());
        Report heldOut = Objects.requireNonNull(report(Set.of(0)).heldOut());
        assertEquals(20, heldOut.rows().test());
        assertEquals(
                12.0 / 20,
                heldOut.contenders().get(Study.Arm.FOUND.ordinal()).quality().value(),
                1e-12);
        assertEquals(report().pooled(), report(Set.of(0)).pooled());
    }

    @Test
    void everyCellIsListedAndOnlyTheFirstSeedIsPooled() {
        StudyReport report = report();
        assertEquals(6 + 6 + 5, report.cells().size());
        assertEquals(
                List.of(20),
                report.cells().stream()
                        .filter(one -> one.seed() == 2 && one.contender().equals(Study.Arm.FOUND.contender()))
                        .map(StudyReport.CellQuality::right)
                        .toList());
        assertEquals(15, report.times().size());
        Report.Reinforcement reinforcement = report.pooled().reinforcement();
        assertEquals(0.375, reinforcement.firstReward(), 1e-12);
        assertEquals(2, reinforcement.alarms());
        assertEquals(1000, reinforcement.tokens());
        assertEquals(14, reinforcement.wallSeconds(), 1e-12);
        assertEquals(2000, report.pooled().training().tokens());
        assertEquals(7 * 14 + 7 * 100, report.pooled().wallSeconds(), 1e-9);
        for (StudyReport.CellQuality one : report.cells()) {
            Double seconds = one.seconds();
            if (one.contender().equals("nearest sentence")) {
                assertNull(seconds);
            } else {
                boolean control = one.contender().endsWith("instead");
                assertEquals((one.seed() == 2 ? 100 : 7) * (control ? 2 : 1), Objects.requireNonNull(seconds), 1e-9);
            }
        }
    }
}
