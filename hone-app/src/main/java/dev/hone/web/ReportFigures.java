package dev.hone.web;

import dev.hone.evaluate.Interval;
import dev.hone.evaluate.Report;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A report's figures as they are written and drawn, in the demo's page and in the evaluations' alike. */
public record ReportFigures(Report report) {
    private static final double LEVEL = 0.05;

    /** The contender with the best quality on the most rows. */
    public Report.Contender best() {
        return best(report.contenders());
    }

    /** The same of contenders, of which there is one at least. */
    public static Report.Contender best(List<Report.Contender> contenders) {
        int most = contenders.stream().mapToInt(Report.Contender::rows).max().orElseThrow();
        return contenders.stream()
                .filter(one -> one.rows() == most)
                .max((a, b) -> Double.compare(a.quality().value(), b.quality().value()))
                .orElseThrow();
    }

    /** Contenders that the best one is not shown to be better than, by corrected p on the tasks that both answered. */
    public List<String> notShownWorse() {
        String best = best().name();
        return report.comparisons().stream()
                .filter(one -> one.pHolm() >= LEVEL)
                .filter(one -> one.a().equals(best) || one.b().equals(best))
                .map(one -> one.a().equals(best) ? one.b() : one.a())
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

    /** Quality by slice, of the best contender and of the one that it came from. */
    public IntervalPlot slices() {
        Map<String, List<IntervalPlot.Mark>> rows = new LinkedHashMap<>();
        for (Report.Slice slice : report.slices()) {
            if (slice.contender().equals(best().name())) {
                rows.computeIfAbsent("%s (%d)".formatted(slice.name(), slice.rows()), name -> new ArrayList<>())
                        .add(new IntervalPlot.Mark(slice.contender(), series(slice.contender()), slice.quality()));
            }
        }
        return new IntervalPlot(
                "Right answers by part of the tasks, %%: %s".formatted(best().name()),
                rows.entrySet().stream()
                        .map(row -> new IntervalPlot.Row(row.getKey(), row.getValue()))
                        .toList());
    }

    private int series(String contender) {
        return report.contenders().stream().map(Report.Contender::name).toList().indexOf(contender);
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
