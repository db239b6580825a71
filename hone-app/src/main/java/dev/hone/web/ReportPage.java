package dev.hone.web;

import dev.hone.evaluate.Confusion;
import dev.hone.evaluate.Interval;
import dev.hone.evaluate.Judged;
import dev.hone.evaluate.Report;
import dev.hone.run.LoopOutcome;
import dev.hone.run.ReinforcementRun;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code report.html}: a {@link Report} for people, as one file without scripts. Made by the demo; its template is {@code
 * report.jte}.
 *
 * @param report the figures
 * @param contenders with their answers, in the report's order
 * @param curves how the training went
 * @param confusion of the trained model; null where answers have no classes
 * @param tried answers of the last step of reinforcement; empty without
 */
public record ReportPage(
        Report report,
        List<Judged> contenders,
        List<LinePlot> curves,
        @Nullable ConfusionPlot confusion,
        List<ReinforcementRun.Tried> tried) {
    private static final int SAMPLES = 12;
    private static final int LONGEST = 600;
    private static final double LEVEL = 0.05;
    private static final TemplateEngine TEMPLATES = TemplateEngine.createPrecompiled(ContentType.Html);

    public ReportPage {
        contenders = List.copyOf(contenders);
        curves = List.copyOf(curves);
        tried = List.copyOf(tried);
        if (contenders.size() != report.contenders().size()) {
            throw new IllegalArgumentException("The report has [%d] contenders, not [%d]"
                    .formatted(report.contenders().size(), contenders.size()));
        }
    }

    /** Of a demo. */
    public static ReportPage of(LoopOutcome outcome) {
        List<LinePlot> curves = new ArrayList<>();
        curves.add(LinePlot.noisy("Loss of the demonstrations", "nats a token", outcome.losses()));
        if (outcome.rewards().length > 0) {
            curves.add(LinePlot.noisy("Mean reward of the answers", "0 to 1", outcome.rewards()));
        }
        Confusion confusion = outcome.confusion();
        return new ReportPage(
                outcome.report(),
                outcome.judged(),
                curves,
                confusion == null ? null : new ConfusionPlot(confusion),
                outcome.tried());
    }

    /** The page. */
    public String html() {
        StringOutput html = new StringOutput();
        TEMPLATES.render("report.jte", this, html);
        return html.toString();
    }

    /** Colours and plots: the pages' own, since this page must need nothing else. */
    public String styles() {
        try (InputStream in = ReportPage.class.getResourceAsStream("plots.css")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The contender with the best quality on the most rows. */
    public Report.Contender best() {
        int most = report.contenders().stream()
                .mapToInt(Report.Contender::rows)
                .max()
                .orElseThrow();
        return report.contenders().stream()
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

    /** What a thousand requests cost against quality; where all cost nothing, their median time. */
    public ScatterPlot tradeOff() {
        boolean priced = report.contenders().stream().noneMatch(one -> one.costPerThousand() == 0);
        List<ScatterPlot.Point> points = new ArrayList<>();
        for (int i = 0; i < report.contenders().size(); i++) {
            Report.Contender one = report.contenders().get(i);
            double cost = priced ? one.costPerThousand() : Math.max(1e-3, one.p50Ms());
            if (Double.isFinite(cost)) {
                points.add(new ScatterPlot.Point(one.name(), i, cost, one.quality()));
            }
        }
        return new ScatterPlot(
                "Quality against cost", priced ? "price of 1,000 requests" : "median time of a request, ms", points);
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
        return contenders.stream().map(Judged::contender).toList().indexOf(contender);
    }

    /** What a contender said to a task. */
    public record Said(String contender, String output, boolean right, String reason) {}

    /** A task and what everyone who was asked said to it. */
    public record Sample(String question, String reference, List<Said> said) {}

    /** The first of the judged tasks, whose order is arbitrary: nobody chose them. */
    public List<Sample> samples() {
        List<Sample> samples = new ArrayList<>();
        Judged widest = contenders.getLast();
        for (int i = 0; i < Math.min(SAMPLES, widest.tasks().size()); i++) {
            List<Said> said = new ArrayList<>();
            for (Judged judged : contenders) {
                if (i < judged.grades().size()) {
                    said.add(new Said(
                            judged.contender(),
                            shortened(judged.answers().answers().get(i).output()),
                            judged.grades().get(i).score() == 1,
                            judged.grades().get(i).reason()));
                }
            }
            samples.add(new Sample(
                    shortened(widest.tasks().get(i).question()),
                    shortened(widest.tasks().get(i).reference()),
                    said));
        }
        return samples;
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + " …";
    }

    /** {@code 48.5 (41.0 to 56.1)}. */
    public String percent(Interval share) {
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
