package dev.hone.web;

import dev.hone.evaluate.Interval;
import dev.hone.evaluate.Report;
import dev.hone.evaluate.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A report's figures as they are written and drawn, in the demo's page and in the evaluations' alike. */
public record ReportFigures(Report report) {
    private static final double LEVEL = 0.05;

    /**
     * Whom the report is headed with: whom its verdict takes, and not whoever came out highest on the rows that are reported; the best where it decides nothing.
     */
    public Report.Contender head() {
        Verdict verdict = report.verdict();
        return verdict == null
                ? best(report.contenders())
                : find(verdict.contender()).orElseGet(() -> best(report.contenders()));
    }

    /** The contender that was trained, as it is served; empty where the report does not say. */
    public Optional<Report.Contender> served() {
        Verdict verdict = report.verdict();
        return verdict == null || verdict.tuned() == null ? Optional.empty() : find(verdict.tuned());
    }

    private Optional<Report.Contender> find(String name) {
        return report.contenders().stream()
                .filter(one -> one.name().equals(name))
                .findFirst();
    }

    /** The contender with the best quality on the most rows, of one at least. */
    public static Report.Contender best(List<Report.Contender> contenders) {
        int most = contenders.stream().mapToInt(Report.Contender::rows).max().orElseThrow();
        return contenders.stream()
                .filter(one -> one.rows() == most)
                .max((a, b) -> Double.compare(a.quality().value(), b.quality().value()))
                .orElseThrow();
    }

    /** Contenders that are neither shown to be worse than the one that heads the report nor to be better, by corrected p on the tasks that both answered. */
    public List<String> notTold() {
        return others(one -> one.pHolm() >= LEVEL);
    }

    /** Contenders that are shown to be better than the one that heads the report. */
    public List<String> better() {
        String head = head().name();
        return others(
                one -> one.pHolm() < LEVEL && one.difference() > 0 != one.a().equals(head));
    }

    private List<String> others(Predicate<Report.Comparison> which) {
        String head = head().name();
        return report.comparisons().stream()
                .filter(one -> one.a().equals(head) || one.b().equals(head))
                .filter(which)
                .map(one -> one.a().equals(head) ? one.b() : one.a())
                .toList();
    }

    public IntervalPlot quality() {
        List<IntervalPlot.Row> rows = new ArrayList<>();
        for (int i = 0; i < report.contenders().size(); i++) {
            Report.Contender one = report.contenders().get(i);
            rows.add(new IntervalPlot.Row(one.name(), List.of(new IntervalPlot.Mark(one.name(), i, one.quality()))));
        }
        return new IntervalPlot("Right answers, % (95 % interval)", rows);
    }

    /** Whether there is anything to hold quality against. */
    public boolean isTraded() {
        return !priced().isEmpty();
    }

    /** What a thousand requests cost against quality; where all cost nothing, their median time. */
    public ScatterPlot tradeOff() {
        return new ScatterPlot(
                "Quality against cost",
                isPriced() ? "price of 1,000 requests" : "median time of a request, ms",
                priced());
    }

    private boolean isPriced() {
        return report.contenders().stream().noneMatch(one -> one.costPerThousand() == 0);
    }

    private List<ScatterPlot.Point> priced() {
        List<ScatterPlot.Point> points = new ArrayList<>();
        for (int i = 0; i < report.contenders().size(); i++) {
            Report.Contender one = report.contenders().get(i);
            double cost = isPriced() ? one.costPerThousand() : Math.max(1e-3, one.p50Ms());
            if (Double.isFinite(cost)) {
                points.add(new ScatterPlot.Point(one.name(), i, cost, one.quality()));
            }
        }
        return points;
    }

    /** Quality by slice, of the contender that heads the report. */
    public IntervalPlot slices() {
        Map<String, List<IntervalPlot.Mark>> rows = new LinkedHashMap<>();
        for (Report.Slice slice : report.slices()) {
            if (slice.contender().equals(head().name())) {
                rows.computeIfAbsent("%s (%d)".formatted(slice.name(), slice.rows()), name -> new ArrayList<>())
                        .add(new IntervalPlot.Mark(slice.contender(), series(slice.contender()), slice.quality()));
            }
        }
        return new IntervalPlot(
                "Right answers by part of the tasks, %%: %s".formatted(head().name()),
                rows.entrySet().stream()
                        .map(row -> new IntervalPlot.Row(row.getKey(), row.getValue()))
                        .toList());
    }

    private int series(String contender) {
        return report.contenders().stream().map(Report.Contender::name).toList().indexOf(contender);
    }

    /** How many rows were left out, and why, in a sentence. */
    public String excluded() {
        return new TreeMap<>(report.excluded())
                .entrySet().stream()
                        .map(one -> "%d %s".formatted(one.getValue(), one.getKey()))
                        .collect(Collectors.joining("; "));
    }

    /** What a test of the rule asks. */
    public String asked(Verdict.Test test) {
        return switch (test.mark()) {
            case BETTER -> "shown to be better";
            case BETTER_CORRECTED -> "shown to be better, corrected";
            case NOT_WORSE -> "no worse";
        };
    }

    /** {@code 48.5 (41.0 to 56.1)}. */
    public String percent(Interval share) {
        return interval(share);
    }

    /** The same. */
    public static String interval(Interval share) {
        return String.format(
                Locale.ROOT, "%.1f (%.1f to %.1f)", 100 * share.value(), 100 * share.low(), 100 * share.high());
    }

    /** With some digits behind the point; a dash where nobody knows. */
    public String number(double value, int digits) {
        return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%,." + digits + "f", value);
    }

    /** {@code < 0.001} where it is. */
    public String p(double value) {
        return value < 0.001 ? "< 0.001" : number(value, 3);
    }
}
