package dev.hone.run;

import dev.hone.evaluate.Interval;
import dev.hone.evaluate.Judged;
import dev.hone.evaluate.Pricing;
import dev.hone.evaluate.Report;
import dev.hone.record.SamplingMode;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What came out of a {@link Study}: {@code study-report.json}.
 *
 * @param amounts how much every cell did
 * @param cells quality of every contender in every cell
 * @param times what every training took, by cell and arm
 * @param compute what equal compute came to
 * @param spreads over the seeds of the first fold; empty with one
 * @param verdict the answer to the study's question, by {@code pooled}
 * @param pooled everyone over all folds with seed 1, task by task
 * @param heldOut the same over the folds by which no setting was chosen; null where none of these is finished, or all folds are such
 */
public record StudyReport(
        Study.Amounts amounts,
        List<CellQuality> cells,
        List<Time> times,
        StudyCompute compute,
        List<Spread> spreads,
        StudyVerdict verdict,
        Report pooled,
        @Nullable Report heldOut) {

    /**
     * One contender in one cell.
     *
     * @param seconds of its arm's training; null where nothing was trained for it
     */
    public record CellQuality(
            int fold,
            long seed,
            String contender,
            int rows,
            int right,
            Interval quality,
            @Nullable Double seconds) {}

    /**
     * What the training of an arm took in one cell.
     *
     * @param rows that it learned from
     * @param tokens positions of demonstrations; of rewards, tokens that were drawn
     * @param seconds of its steps, those before an interruption among them
     * @param finalLoss in nats a trained token, mean over the last tenth of the steps; null of rewards
     */
    public record Time(
            int fold,
            long seed,
            String arm,
            int rows,
            double epochs,
            long tokens,
            double tokensPerSecond,
            double seconds,
            @Nullable Double finalLoss) {
        static Time of(Study.Trained trained) {
            Manifest.Training training = trained.manifest().training();
            return new Time(
                    trained.cell().fold(),
                    trained.cell().seed(),
                    trained.arm().contender(),
                    trained.manifest().rows(),
                    training.epochs(),
                    training.tokens(),
                    training.tokensPerSecond(),
                    training.secondsOfSteps(),
                    trained.arm() == Study.Arm.REWARDS ? null : training.finalLoss());
        }

        boolean isOf(Study.Arm one) {
            return arm.equals(one.contender());
        }

        /** Whether it is of the same cell. */
        boolean isBeside(Time other) {
            return fold == other.fold && seed == other.seed;
        }
    }

    /**
     * One contender over the seeds of the first fold: quality, its mean and its range.
     *
     * @param seeds how many
     */
    public record Spread(String contender, int seeds, double mean, double low, double high) {}

    public StudyReport {
        cells = List.copyOf(cells);
        times = List.copyOf(times);
        spreads = List.copyOf(spreads);
    }

    /**
     * What a study was made of.
     *
     * @param chosenBy folds by which settings were chosen
     */
    record Subject(
            UseCase useCase, Study.Options options, Study.Amounts amounts, String dataHash, Set<Integer> chosenBy) {
        Subject {
            chosenBy = Set.copyOf(chosenBy);
        }
    }

    /**
     * @param results of every finished cell
     * @param trainings of each of them
     */
    static StudyOutcome of(Subject subject, List<Study.Result> results, List<Study.Trained> trainings) {
        List<Judged> judged = pooled(subject, results);
        Report pooled = report(subject, judged, trainings);
        List<Study.Result> others = results.stream()
                .filter(one -> !subject.chosenBy().contains(one.cell().fold()))
                .toList();
        Report heldOut = subject.chosenBy().isEmpty() || others.isEmpty()
                ? null
                : report(
                        subject,
                        pooled(subject, others),
                        trainings.stream()
                                .filter(one ->
                                        !subject.chosenBy().contains(one.cell().fold()))
                                .toList());
        List<Time> times = trainings.stream().map(Time::of).toList();
        List<CellQuality> cells = cells(results, times);
        return new StudyOutcome(
                new StudyReport(
                        subject.amounts(),
                        cells,
                        times,
                        StudyCompute.of(times),
                        spreads(cells),
                        StudyVerdict.of(judged, pooled.comparisons()),
                        pooled,
                        heldOut),
                judged);
    }

    /** Everyone over all folds with seed 1. */
    private static List<Judged> pooled(Subject subject, List<Study.Result> results) {
        return Pooled.of(
                results.stream()
                        .filter(result -> result.cell().seed() == 1)
                        .map(Study.Result::judged)
                        .toList(),
                subject.useCase().grader());
    }

    private static Report report(Subject subject, List<Judged> judged, List<Study.Trained> trainings) {
        UseCase useCase = subject.useCase();
        Pricing pricing =
                subject.options().prices().machine(Runtime.getRuntime().availableProcessors());
        List<Manifest> warm = manifests(trainings, Study.Arm.WARM);
        return new ReportDraft(
                        new ReportDraft.Subject(
                                useCase,
                                subject.options().model(),
                                SamplingMode.EXACT,
                                1,
                                subject.dataHash(),
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
                        subject.options().prices(),
                        comparisons(judged),
                        new ReportDraft.Made(warm.getFirst().modelHash(), training(warm), reinforcement(trainings)),
                        cost(trainings),
                        new ReportDraft.Conclusions(null, useCase.data().excluded(), null, null, null))
                .report();
    }

    private static ReportDraft.Cost cost(List<Study.Trained> trainings) {
        return ReportDraft.Cost.now(
                trainings.stream()
                        .map(one -> one.manifest().training())
                        .mapToDouble(one -> Math.max(one.wallSeconds(), one.secondsOfSteps()))
                        .sum(),
                trainings.stream()
                        .mapToLong(one -> one.manifest().training().peakMemoryBytes())
                        .max()
                        .orElseThrow());
    }

    private static List<CellQuality> cells(List<Study.Result> results, List<Time> times) {
        List<CellQuality> cells = new ArrayList<>();
        for (Study.Result result : results) {
            Study.Cell cell = result.cell();
            for (Judged judged : result.judged()) {
                int right = (int) judged.grades().stream()
                        .filter(grade -> grade.score() == 1)
                        .count();
                int rows = judged.grades().size();
                cells.add(new CellQuality(
                        cell.fold(),
                        cell.seed(),
                        judged.contender(),
                        rows,
                        right,
                        Interval.wilson(right, rows),
                        times.stream()
                                .filter(one -> one.fold() == cell.fold()
                                        && one.seed() == cell.seed()
                                        && one.arm().equals(judged.contender()))
                                .map(Time::seconds)
                                .findFirst()
                                .orElse(null)));
            }
        }
        return cells;
    }

    private static List<Spread> spreads(List<CellQuality> cells) {
        Map<String, List<Double>> qualities = new LinkedHashMap<>();
        cells.stream()
                .filter(one -> one.fold() == 0)
                .forEach(one -> qualities
                        .computeIfAbsent(one.contender(), contender -> new ArrayList<>())
                        .add(one.quality().value()));
        List<Spread> spreads = new ArrayList<>();
        qualities.forEach((contender, of) -> {
            if (of.size() > 1) {
                DoubleSummaryStatistics all =
                        of.stream().mapToDouble(quality -> quality).summaryStatistics();
                spreads.add(new Spread(contender, of.size(), all.getAverage(), all.getMin(), all.getMax()));
            }
        });
        return spreads;
    }

    private static List<Manifest> manifests(List<Study.Trained> trainings, Study.Arm arm) {
        return trainings.stream()
                .filter(one -> one.arm() == arm && one.cell().seed() == 1)
                .map(Study.Trained::manifest)
                .toList();
    }

    /** The question, and what surrounds it: learned from rewards against everyone, and reinforcement alone against its start and against the control. */
    private static List<Report.Comparison> comparisons(List<Judged> judged) {
        List<Report.Comparison> comparisons = new ArrayList<>();
        Judged learned = Pooled.named(judged, Study.Arm.FOUND.contender());
        for (Judged other : judged) {
            if (other != learned) {
                comparisons.add(Report.comparison(learned, other, 1));
            }
        }
        Judged rewarded = Pooled.named(judged, Study.Arm.REWARDS.contender());
        for (Study.Arm other : List.of(Study.Arm.WARM, Study.Arm.AGAIN)) {
            comparisons.add(Report.comparison(rewarded, Pooled.named(judged, other.contender()), 1));
        }
        return comparisons;
    }

    private static Report.Training training(List<Manifest> warm) {
        return new Report.Training(
                warm.stream().mapToLong(one -> one.training().tokens()).sum(),
                Pooled.mean(warm, one -> one.training().tokensPerSecond()),
                Pooled.mean(warm, one -> one.training().epochs()),
                Pooled.mean(warm, one -> one.training().finalLoss()));
    }

    private static Report.@Nullable Reinforcement reinforcement(List<Study.Trained> trainings) {
        return Pooled.reinforcement(trainings.stream()
                .filter(one -> one.cell().seed() == 1)
                .map(Study.Trained::reinforcement)
                .filter(Objects::nonNull)
                .toList());
    }
}
