package dev.hone.web;

import dev.hone.evaluate.Confusion;
import dev.hone.evaluate.Judged;
import dev.hone.evaluate.Report;
import dev.hone.record.Task;
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
import java.util.List;
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

    /** Colours and plots, which are the pages' own, and what stands around them: this page must need nothing else. */
    public String styles() {
        return style("plots.css") + style("report.css");
    }

    private static String style(String name) {
        try (InputStream in = ReportPage.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What its report says. */
    public ReportFigures figures() {
        return new ReportFigures(report);
    }

    /** What a contender said to a task. */
    public record Said(String contender, String output, boolean right, String reason) {}

    /** A task and what everyone who was asked said to it. */
    public record Sample(String question, String reference, List<Said> said) {}

    /** The first of the judged tasks, whose order is arbitrary: nobody chose them. */
    public List<Sample> samples() {
        return contenders.getLast().tasks().stream()
                .limit(SAMPLES)
                .map(this::sample)
                .toList();
    }

    /** Over several folds, who was asked little has other tasks at the same places: each is found by its id. */
    private Sample sample(Task task) {
        List<Said> said = new ArrayList<>();
        for (Judged judged : contenders) {
            for (int i = 0; i < judged.tasks().size(); i++) {
                if (judged.tasks().get(i).id().equals(task.id())) {
                    said.add(new Said(
                            judged.contender(),
                            shortened(judged.answers().answers().get(i).output()),
                            judged.grades().get(i).score() == 1,
                            judged.grades().get(i).reason()));
                }
            }
        }
        return new Sample(shortened(task.question()), shortened(task.reference()), said);
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + " …";
    }
}
