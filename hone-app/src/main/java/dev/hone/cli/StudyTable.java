package dev.hone.cli;

import dev.hone.evaluate.Report;
import dev.hone.run.StudyCompute;
import dev.hone.run.StudyReport;

/** A {@link StudyReport} as lines on standard error. */
final class StudyTable {
    private StudyTable() {}

    static void print(StudyReport study) {
        ReportTable.print(study.pooled());
        System.err.println();
        for (StudyReport.CellQuality one : study.cells()) {
            Double seconds = one.seconds();
            System.err.printf(
                    "fold %d, seed %d  %-36s %5.1f %% of %d%s%n",
                    one.fold(),
                    one.seed(),
                    one.contender(),
                    100 * one.quality().value(),
                    one.rows(),
                    seconds == null ? "" : "  trained for %,.0f s".formatted(seconds));
        }
        for (StudyReport.Spread one : study.spreads()) {
            System.err.printf(
                    "fold 0, %d seeds  %-35s %5.1f %% (%.1f to %.1f)%n",
                    one.seeds(), one.contender(), 100 * one.mean(), 100 * one.low(), 100 * one.high());
        }
        for (StudyCompute.Ratio one : study.compute().ratios()) {
            System.err.printf(
                    "%s  %-34s × %.2f seconds, × %.2f at the highest speeds, × %.2f tokens of rewards and what they found%n",
                    one.fold() == null ? "all cells       " : "fold %d, seed %d ".formatted(one.fold(), one.seed()),
                    one.control(),
                    one.seconds(),
                    one.fastest(),
                    one.tokens());
        }
        printHeldOut(study);
        System.err.printf(
                "%nequal compute: %s%nverdict: %s%n",
                study.compute().sentence(), study.verdict().sentence());
    }

    /** The questions as the folds answer by which no setting was chosen. */
    private static void printHeldOut(StudyReport study) {
        Report heldOut = study.heldOut();
        if (heldOut == null) {
            return;
        }
        for (Report.Comparison one : heldOut.comparisons()) {
            if (one.a().equals(study.verdict().question().a())) {
                System.err.printf(
                        "on the %d rows of folds that chose no setting, %s minus %s: %+.1f points (%+.1f to %+.1f), p = %.2g, corrected %.2g%n",
                        heldOut.rows().test(),
                        one.a(),
                        one.b(),
                        100 * one.difference(),
                        100 * one.low(),
                        100 * one.high(),
                        one.p(),
                        one.pHolm());
            }
        }
    }
}
