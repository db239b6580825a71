package dev.hone.run;

import dev.hone.evaluate.Interval;
import dev.hone.evaluate.Judged;
import dev.hone.evaluate.Pricing;
import dev.hone.evaluate.Report;
import dev.hone.record.SamplingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/**
 * What came out of a {@link Study}: {@code study-report.json}.
 *
 * @param amounts how much every cell did
 * @param cells quality of every contender in every cell
 * @param times wall seconds of the trainings, by cell and arm: what equal compute came to
 * @param pooled everyone over all folds with seed 1, task by task
 */
public record StudyReport(Study.Amounts amounts, List<CellQuality> cells, List<Time> times, Report pooled) {

    /** One contender in one cell. */
    public record CellQuality(int fold, long seed, String contender, int rows, int right, Interval quality) {}

    /** How long an arm was trained in one cell. */
    public record Time(int fold, long seed, String arm, double seconds) {}

    public StudyReport {
        cells = List.copyOf(cells);
        times = List.copyOf(times);
    }

    /**
     * @param results of every finished cell
     * @param trainings of each of them
     */
    static StudyReport of(
            UseCase useCase,
            Study.Options options,
            Study.Amounts amounts,
            String dataHash,
            List<Study.Result> results,
            List<Study.Trained> trainings) {
        List<Judged> judged = Pooled.of(
                results.stream()
                        .filter(result -> result.cell().seed() == 1)
                        .map(Study.Result::judged)
                        .toList(),
                useCase.grader());
        Pricing pricing = new Pricing.CoreHours(
                options.pricePerCoreHour(), Runtime.getRuntime().availableProcessors());
        List<Manifest> warm = manifests(trainings, Study.Arm.WARM);
        Report report = new ReportDraft(
                        new ReportDraft.Subject(
                                useCase,
                                options.model(),
                                SamplingMode.EXACT,
                                1,
                                dataHash,
                                new Report.Rows(
                                        warm.stream().mapToInt(Manifest::rows).sum(),
                                        judged.stream()
                                                .mapToInt(one -> one.tasks().size())
                                                .max()
                                                .orElseThrow())),
                        judged,
                        judged.stream()
                                .map(one -> Report.contender(one, pricing))
                                .toList(),
                        comparisons(judged),
                        new ReportDraft.Made(warm.getFirst().modelHash(), training(warm), reinforcement(trainings)),
                        cost(trainings),
                        new ReportDraft.Conclusions(null, useCase.data().excluded(), null, null, null))
                .report();
        return new StudyReport(amounts, cells(results), times(trainings), report);
    }

    private static ReportDraft.Cost cost(List<Study.Trained> trainings) {
        return new ReportDraft.Cost(
                trainings.stream()
                        .mapToDouble(one -> one.manifest().training().wallSeconds())
                        .sum(),
                trainings.stream()
                        .mapToLong(one -> one.manifest().training().peakMemoryBytes())
                        .max()
                        .orElseThrow());
    }

    private static List<CellQuality> cells(List<Study.Result> results) {
        List<CellQuality> cells = new ArrayList<>();
        for (Study.Result result : results) {
            for (Judged judged : result.judged()) {
                int right = (int) judged.grades().stream()
                        .filter(grade -> grade.score() == 1)
                        .count();
                int rows = judged.grades().size();
                cells.add(new CellQuality(
                        result.cell().fold(),
                        result.cell().seed(),
                        judged.contender(),
                        rows,
                        right,
                        Interval.wilson(right, rows)));
            }
        }
        return cells;
    }

    private static List<Time> times(List<Study.Trained> trainings) {
        return trainings.stream()
                .map(one -> new Time(
                        one.cell().fold(),
                        one.cell().seed(),
                        one.arm().contender(),
                        one.manifest().training().wallSeconds()))
                .toList();
    }

    private static List<Manifest> manifests(List<Study.Trained> trainings, Study.Arm arm) {
        return trainings.stream()
                .filter(one -> one.arm() == arm && one.cell().seed() == 1)
                .map(Study.Trained::manifest)
                .toList();
    }

    /** The question, and what surrounds it: learned from rewards against everyone, and reinforcement alone against its start. */
    private static List<Report.Comparison> comparisons(List<Judged> judged) {
        List<Report.Comparison> comparisons = new ArrayList<>();
        Judged learned = Pooled.named(judged, Study.Arm.FOUND.contender());
        for (Judged other : judged) {
            if (other != learned) {
                comparisons.add(Report.comparison(learned, other, 1));
            }
        }
        comparisons.add(Report.comparison(
                Pooled.named(judged, Study.Arm.REWARDS.contender()),
                Pooled.named(judged, Study.Arm.WARM.contender()),
                1));
        return comparisons;
    }

    private static Report.Training training(List<Manifest> warm) {
        return new Report.Training(
                warm.stream().mapToLong(one -> one.training().tokens()).sum(),
                average(warm, one -> one.training().tokensPerSecond()),
                average(warm, one -> one.training().epochs()),
                average(warm, one -> one.training().finalLoss()));
    }

    private static Report.Reinforcement reinforcement(List<Study.Trained> trainings) {
        List<Report.Reinforcement> runs = trainings.stream()
                .filter(one -> one.cell().seed() == 1)
                .map(Study.Trained::reinforcement)
                .filter(Objects::nonNull)
                .toList();
        return new Report.Reinforcement(
                runs.getFirst().steps(),
                LoopTraining.PROMPTS,
                LoopTraining.SAMPLES,
                runs.stream().mapToLong(Report.Reinforcement::tokens).sum(),
                average(runs, Report.Reinforcement::tokensPerSecond),
                average(runs, Report.Reinforcement::firstReward),
                average(runs, Report.Reinforcement::finalReward),
                runs.stream().mapToInt(Report.Reinforcement::alarms).sum(),
                runs.stream().mapToDouble(Report.Reinforcement::wallSeconds).sum());
    }

    private static <T> double average(List<T> runs, ToDoubleFunction<T> figure) {
        return runs.stream().mapToDouble(figure).average().orElseThrow();
    }
}
