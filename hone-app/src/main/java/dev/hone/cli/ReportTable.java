package dev.hone.cli;

import dev.hone.evaluate.PriceList;
import dev.hone.evaluate.Report;

/** A {@link Report} as lines on standard error. */
final class ReportTable {
    private ReportTable() {}

    static void print(Report report) {
        System.err.println();
        System.err.printf(
                "%-28s %5s  %-22s %8s %6s %7s %7s %8s %8s %8s %9s%n",
                "",
                "rows",
                "right (95 %)",
                "function",
                "valid",
                "prompt",
                "answer",
                "tokens/s",
                "p50 ms",
                "p95 ms",
                "per 1000");
        for (Report.Contender one : report.contenders()) {
            System.err.printf(
                    "%-28s %5d  %5.1f %% (%4.1f to %4.1f) %6.0f %% %4.0f %% %7.0f %7.0f %8.0f %8.0f %8.0f %9.4f%n",
                    one.name(),
                    one.rows(),
                    100 * one.quality().value(),
                    100 * one.quality().low(),
                    100 * one.quality().high(),
                    100 * one.functionAccuracy(),
                    100 * one.validOutput(),
                    one.promptTokens(),
                    one.completionTokens(),
                    one.tokensPerSecond(),
                    one.p50Ms(),
                    one.p95Ms(),
                    one.costPerThousand());
        }
        report.contenders().forEach(ReportTable::printCut);
        System.err.println();
        for (Report.Comparison one : report.comparisons()) {
            System.err.printf(
                    "%s minus %s: %+.1f points (%+.1f to %+.1f), p = %.2g%n",
                    one.a(), one.b(), 100 * one.difference(), 100 * one.low(), 100 * one.high(), one.pHolm());
        }
        System.err.printf(
                "p is corrected for all comparisons; %d rows show differences from about %.0f points on%n",
                report.rows().test(), 100 * report.rows().detectable());
        for (Report.Constraint one : report.constraints()) {
            if (!one.met()) {
                System.err.printf("%s %s%n", one.contender(), one.fault());
            }
        }
        if (report.verdict() != null) {
            System.err.printf("%nverdict: %s%n%n", report.verdict().sentence());
        }
        System.err.printf(
                "trained on %d rows: %,d tokens at %.0f tokens/s; in all %.1f minutes, %,d MiB at most%n",
                report.rows().train(),
                report.training().tokens(),
                report.training().tokensPerSecond(),
                report.wallSeconds() / 60,
                report.peakMemoryBytes() >> 20);
        PriceList prices = report.prices();
        if (prices != null) {
            prices.said().forEach(line -> System.err.printf("cost at %s%n", line));
        }
    }

    private static void printCut(Report.Contender one) {
        if (one.cut() != null && one.cut() > 0) {
            System.err.printf(
                    "%s: %d of %d answers were cut by their length, and could be right with more"
                            + " (--incumbent-max-tokens)%n",
                    one.name(), one.cut(), one.rows());
        }
    }
}
