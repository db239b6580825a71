package dev.hone.run;

import dev.hone.charter.Charter;
import dev.hone.evaluate.Judged;
import dev.hone.evaluate.PriceList;
import dev.hone.evaluate.Report;
import dev.hone.evaluate.Scores;
import dev.hone.evaluate.Verdict;
import dev.hone.record.SamplingMode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Report} is put together from. Made by whoever judged: a loop, its folds, a study, a round.
 *
 * @param subject what was judged on
 * @param judged everyone who was judged
 * @param contenders the same in figures, in the same order
 * @param prices that these were reckoned with
 * @param comparisons of them
 * @param made what was trained
 * @param cost of everything
 * @param conclusions what follows
 */
public record ReportDraft(
        Subject subject,
        List<Judged> judged,
        List<Report.Contender> contenders,
        PriceList prices,
        List<Report.Comparison> comparisons,
        Made made,
        Cost cost,
        Conclusions conclusions) {
    public ReportDraft {
        judged = List.copyOf(judged);
        contenders = List.copyOf(contenders);
        comparisons = List.copyOf(comparisons);
    }

    /**
     * What was judged on.
     *
     * @param baseModel as it was given
     * @param mode in which everyone was sampled
     * @param seed of whatever was drawn
     * @param rows learned from, and judged
     */
    public record Subject(
            UseCase useCase, String baseModel, SamplingMode mode, long seed, String dataHash, Report.Rows rows) {}

    /**
     * What was trained.
     *
     * @param baseModelHash of the weights that it began with
     * @param training from demonstrations
     * @param reinforcement null without
     */
    public record Made(String baseModelHash, Report.Training training, Report.@Nullable Reinforcement reinforcement) {
        /** By one run, and by one from rewards after it or none. */
        public static Made by(Manifest run, Report.@Nullable Reinforcement reinforcement) {
            Manifest.Training training = run.training();
            return new Made(
                    run.modelHash(),
                    new Report.Training(
                            training.tokens(), training.tokensPerSecond(), training.epochs(), training.finalLoss()),
                    reinforcement);
        }
    }

    /**
     * What everything took.
     *
     * @param memoryBytes at its highest, of both processes
     * @param created when it was over; null where an earlier Hone kept it
     */
    public record Cost(
            double seconds, long memoryBytes, @Nullable String created) {
        /** Of what is over now. */
        public static Cost now(double seconds, long memoryBytes) {
            return new Cost(
                    seconds,
                    memoryBytes,
                    Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        }
    }

    /**
     * What follows.
     *
     * @param verdict null where nothing is decided
     * @param excluded how many rows were left out, by the reason
     * @param gold whether the grader can be believed; null where that was not tried
     * @param constraints of the use case; null for none
     * @param scores of each task; null where they are not told
     */
    public record Conclusions(
            @Nullable Verdict verdict,
            Map<String, Integer> excluded,
            Report.@Nullable Gold gold,
            Charter.@Nullable Constraints constraints,
            @Nullable Scores scores) {
        public Conclusions {
            excluded = Map.copyOf(excluded);
        }
    }

    /** Each contender from a place on against everyone before it. */
    public static List<Report.Comparison> comparisons(List<Judged> judged, int from, long seed) {
        List<Report.Comparison> comparisons = new ArrayList<>();
        for (int one = from; one < judged.size(); one++) {
            for (Judged other : judged.subList(0, one)) {
                comparisons.add(Report.comparison(judged.get(one), other, seed));
            }
        }
        return comparisons;
    }

    public Report report() {
        UseCase useCase = subject.useCase();
        List<Report.Constraint> constraints = ConstraintVerdict.of(conclusions.constraints(), contenders);
        Verdict verdict = conclusions.verdict();
        return new Report(
                Report.SCHEMA_VERSION,
                useCase.data().name(),
                subject.baseModel(),
                made.baseModelHash(),
                subject.mode(),
                subject.seed(),
                subject.dataHash(),
                subject.rows(),
                contenders,
                comparisons,
                Report.slices(judged, useCase.part()),
                made.training(),
                made.reinforcement(),
                cost.seconds(),
                cost.memoryBytes(),
                Versions.current(),
                verdict == null ? null : verdict.under(constraints),
                conclusions.excluded(),
                conclusions.gold(),
                constraints,
                conclusions.scores(),
                cost.created(),
                prices);
    }
}
