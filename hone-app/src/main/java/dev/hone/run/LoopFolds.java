package dev.hone.run;

import dev.hone.evaluate.Confusion;
import dev.hone.evaluate.Judged;
import dev.hone.evaluate.Pricing;
import dev.hone.evaluate.Report;
import dev.hone.evaluate.Scores;
import dev.hone.evaluate.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The {@link Loop} over several folds, each in a folder of its own, and one report and verdict over all of their rows. */
public final class LoopFolds {
    private final Loop.Options options;
    private final UseCase useCase;
    private final int folds;
    private final Loop.Listener listener;

    /**
     * @param options of every fold; its fold does not count
     * @param folds how many are judged, from the first on
     */
    public LoopFolds(Loop.Options options, UseCase useCase, int folds, Loop.Listener listener) {
        if (folds < 1 || folds > Loop.FOLDS) {
            throw new IllegalArgumentException("--folds must be 1 to %d, not [%d]".formatted(Loop.FOLDS, folds));
        }
        this.options = options;
        this.useCase = useCase;
        this.folds = folds;
        this.listener = listener;
    }

    /**
     * Does what is left to do.
     *
     * @param stop whether to stop at the next step
     * @return nothing when stopped
     */
    public Optional<LoopOutcome> run(BooleanSupplier stop) throws IOException {
        List<LoopOutcome> outcomes = new ArrayList<>();
        for (int fold = 0; fold < folds; fold++) {
            listener.fold(fold, folds);
            listener.stage("Fold %d of %d".formatted(fold, folds));
            Loop loop = new Loop(options.forFold(fold), useCase, listener);
            Loop.Job job = loop.prepare();
            Optional<Loop.Trained> trained = loop.train(job, stop);
            if (trained.isEmpty()) {
                return Optional.empty();
            }
            Optional<LoopOutcome> outcome = loop.judge(job, trained.get(), stop);
            if (outcome.isEmpty()) {
                return Optional.empty();
            }
            outcomes.add(outcome.get());
        }
        LoopOutcome pooled = pooled(outcomes);
        JsonFile.write(options.out().resolve(Loop.REPORT), pooled.report());
        return Optional.of(pooled);
    }

    /** Everyone over all rows; curves and tried answers are the first fold's. */
    private LoopOutcome pooled(List<LoopOutcome> outcomes) {
        LoopOutcome first = outcomes.getFirst();
        List<Judged> judged =
                Pooled.of(outcomes.stream().map(LoopOutcome::judged).toList(), useCase.grader());
        List<String> untrained = first.judged().subList(0, first.others()).stream()
                .map(Judged::contender)
                .toList();
        List<String> floors = untrained.subList(0, first.floors());
        Verdict verdict = Verdict.of(
                judged.getLast(),
                judged.stream().filter(one -> floors.contains(one.contender())).toList(),
                judged.stream()
                        .filter(one -> untrained.contains(one.contender()))
                        .toList()
                        .getLast(),
                options.seed());
        List<Report> reports = reports(outcomes);
        Report report = new ReportDraft(
                        new ReportDraft.Subject(
                                useCase,
                                options.model(),
                                first.report().samplingMode(),
                                options.seed(),
                                first.report().dataHash(),
                                new Report.Rows(
                                        first.report().rows().train(),
                                        judged.getLast().tasks().size(),
                                        unseen(reports))),
                        judged,
                        contenders(reports, judged),
                        options.prices(),
                        ReportDraft.comparisons(judged, judged.size() - 1, options.seed()),
                        new ReportDraft.Made(
                                first.report().baseModelHash(),
                                training(reports),
                                Pooled.reinforcement(reports.stream()
                                        .map(Report::reinforcement)
                                        .filter(Objects::nonNull)
                                        .toList())),
                        new ReportDraft.Cost(
                                reports.stream()
                                        .mapToDouble(Report::wallSeconds)
                                        .sum(),
                                reports.stream()
                                        .mapToLong(Report::peakMemoryBytes)
                                        .max()
                                        .orElseThrow(),
                                reports.getLast().created()),
                        new ReportDraft.Conclusions(
                                verdict,
                                first.report().excluded(),
                                first.report().gold(),
                                options.constraints(),
                                Scores.of(judged, useCase.part())))
                .report();
        return new LoopOutcome(
                report,
                judged,
                count(judged, floors),
                count(judged, untrained),
                outcomes.stream().flatMap(outcome -> outcome.models().stream()).toList(),
                first.losses(),
                first.rewards(),
                useCase.hasClasses()
                        ? Confusion.of(judged.getLast(), task -> task.require(useCase.part()), useCase::classOf)
                        : null,
                first.tried());
    }

    private static int count(List<Judged> judged, List<String> contenders) {
        return (int) judged.stream()
                .filter(one -> contenders.contains(one.contender()))
                .count();
    }

    /** Null where a fold did not count them. */
    private static @Nullable Integer unseen(List<Report> reports) {
        int sum = 0;
        for (Report report : reports) {
            Integer unseen = report.rows().unseen();
            if (unseen == null) {
                return null;
            }
            sum += unseen;
        }
        return sum;
    }

    private static List<Report> reports(List<LoopOutcome> outcomes) {
        return outcomes.stream().map(LoopOutcome::report).toList();
    }

    private static Report.Training training(List<Report> reports) {
        return new Report.Training(
                reports.stream().mapToLong(one -> one.training().tokens()).sum(),
                Pooled.mean(reports, one -> one.training().tokensPerSecond()),
                Pooled.mean(reports, one -> one.training().epochs()),
                Pooled.mean(reports, one -> one.training().finalLoss()));
    }

    /** Quality over all rows; what a request costs is the mean of the folds. */
    private static List<Report.Contender> contenders(List<Report> reports, List<Judged> judged) {
        List<Report.Contender> contenders = new ArrayList<>();
        for (Judged one : judged) {
            double cost = reports.stream()
                    .flatMap(report -> report.contenders().stream())
                    .filter(contender -> contender.name().equals(one.contender()))
                    .mapToDouble(Report.Contender::costPerThousand)
                    .average()
                    .orElseThrow();
            contenders.add(Report.contender(one, new Pricing.Fixed(cost)));
        }
        return contenders;
    }
}
