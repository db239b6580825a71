package dev.hone.web;

import dev.hone.evaluate.Interval;
import dev.hone.evaluate.Report;
import dev.hone.run.StudyOutcome;
import dev.hone.run.StudyReport;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code report.html} of a study, for people, as one file without scripts. Made by the demo; its template is {@code study.jte}. */
public record StudyPage(StudyOutcome outcome) {
    private static final TemplateEngine TEMPLATES = TemplateEngine.createPrecompiled(ContentType.Html);

    /** The page. */
    public String html() {
        StringOutput html = new StringOutput();
        TEMPLATES.render("study.jte", this, html);
        return html.toString();
    }

    public StudyReport study() {
        return outcome.report();
    }

    /** What a page of the pooled report alone would show. */
    public ReportPage pooled() {
        return new ReportPage(study().pooled(), outcome.judged(), List.of(), null, List.of());
    }

    /** A cell's place: a fold, and a seed. */
    private record Place(int fold, long seed) {
        static Place of(StudyReport.CellQuality quality) {
            return new Place(quality.fold(), quality.seed());
        }

        /** In the colour of its fold; a ring where the seed is another than that of all folds. */
        CellPlot.Cell cell() {
            return new CellPlot.Cell(
                    seed == 1 ? "fold " + fold : "fold %d, seed %d".formatted(fold, seed), fold + 1, seed != 1);
        }
    }

    /** Everyone in every cell. */
    public CellPlot cells() {
        List<Place> places = study().cells().stream().map(Place::of).distinct().toList();
        Map<String, Map<Place, Double>> rows = new LinkedHashMap<>();
        study().cells()
                .forEach(one -> rows.computeIfAbsent(one.contender(), contender -> new LinkedHashMap<>())
                        .put(Place.of(one), one.quality().value()));
        List<CellPlot.Row> drawn = new ArrayList<>();
        rows.forEach((contender, shares) -> {
            List<@Nullable Double> each = new ArrayList<>();
            places.forEach(place -> each.add(shares.get(place)));
            drawn.add(new CellPlot.Row(contender, each));
        });
        return new CellPlot(
                "Right answers in every cell, %",
                places.stream().map(Place::cell).toList(), drawn);
    }

    /** A contender over all folds, and over those by which no setting was chosen. */
    public record Side(String contender, Interval all, Interval heldOut) {}

    /** Empty where no such folds are told apart. */
    public List<Side> sides() {
        Report heldOut = study().heldOut();
        if (heldOut == null) {
            return List.of();
        }
        List<Side> sides = new ArrayList<>();
        for (Report.Contender one : study().pooled().contenders()) {
            heldOut.contenders().stream()
                    .filter(other -> other.name().equals(one.name()))
                    .forEach(other -> sides.add(new Side(one.name(), one.quality(), other.quality())));
        }
        return sides;
    }

    /** The study's questions as the folds answer by which no setting was chosen. */
    public List<Report.Comparison> heldOutComparisons() {
        Report heldOut = study().heldOut();
        String learned = study().verdict().question().a();
        return heldOut == null
                ? List.of()
                : heldOut.comparisons().stream()
                        .filter(one -> one.a().equals(learned))
                        .toList();
    }

    /** How many folds the pooled report is of. */
    public long folds() {
        return study().cells().stream()
                .filter(one -> one.seed() == 1)
                .mapToInt(StudyReport.CellQuality::fold)
                .distinct()
                .count();
    }
}
