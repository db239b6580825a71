package dev.hone.promote;

import dev.hone.store.Database;
import dev.hone.store.RolloutGrades;
import dev.hone.store.RolloutTallies;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What calls have shown of a candidate so far, and what is to be done by it. Reads the database alone, and keeps what graders say there. */
final class Judge {
    /** Of each side and stage at a time. */
    private static final int MOST_GRADED = 500;

    /** Clocks of gateways may be ahead by as much. */
    private static final Duration AHEAD = Duration.ofMinutes(5);

    private final UseCasePlan plan;
    private final Database database;
    private final RolloutTallies tallies;
    private final RolloutGrades grades;
    private final AnswerGrading grading;
    private final ClosedStages closed = new ClosedStages();

    Judge(UseCasePlan plan, Database database) {
        this.plan = plan;
        this.database = database;
        this.tallies = new RolloutTallies(database);
        this.grades = new RolloutGrades(database);
        this.grading = new AnswerGrading(plan.good());
    }

    boolean isOf(UseCasePlan other, Database others) {
        return plan.equals(other) && database == others;
    }

    /** What is to be done, and why. */
    record Judged(Decision decision, Evidence evidence) {}

    /**
     * Of a rollout that is going on.
     *
     * @param stage that is going on
     */
    Judged judge(UUID useCase, Rollout rollout, Stage stage, Instant now) {
        Promotion promotion = plan.promotion();
        boolean copies = stage.copies();
        List<Stage> stages = copies ? List.of(stage) : rollout.ofUsers();
        List<Measure> measures = copies ? ofCopies(promotion.measures()) : promotion.measures();
        Set<Stage> ungraded = new HashSet<>();
        if (measures.contains(Measure.QUALITY)) {
            stages.stream()
                    .filter(one -> !closed.isKnown(rollout.id(), one, now) && !grade(useCase, rollout, one, now))
                    .forEach(ungraded::add);
        }
        List<Compared> compared = compared(useCase, rollout, stages, ungraded, measures, now);
        Decision decision = copies
                ? promotion
                        .ofCopies()
                        .decide(
                                compared,
                                measure -> measure != Measure.QUALITY || AnswerGrading.needsNoReference(plan.good()))
                : promotion.ofUsers().decide(rollout.phase().step(), compared);
        return new Judged(decision, Evidence.of(stage, promotion.alphaOfEach(), compared));
    }

    /** Nobody says anything of an answer that nobody saw; that it answers is asked of it in any case. */
    private static List<Measure> ofCopies(List<Measure> declared) {
        return Stream.concat(Stream.of(Measure.ANSWERED), declared.stream())
                .distinct()
                .filter(measure -> measure != Measure.FEEDBACK)
                .toList();
    }

    private static Instant end(Stage stage, Instant now) {
        Instant to = stage.to();
        return to == null ? now.plus(AHEAD) : to;
    }

    /** @return whether nothing is left to be graded */
    private boolean grade(UUID useCase, Rollout rollout, Stage stage, Instant now) {
        boolean whole = true;
        for (boolean candidate : new boolean[] {true, false}) {
            List<RolloutGrades.Answer> missing = grades.missing(
                    new RolloutGrades.Asked(
                            rollout.id(),
                            useCase,
                            stage.from(),
                            end(stage, now),
                            Traffic.CANDIDATE,
                            candidate,
                            stage.copies(),
                            !AnswerGrading.needsNoReference(plan.good())),
                    MOST_GRADED);
            grades.add(rollout.id(), missing.stream().map(grading::grade).toList());
            whole &= missing.size() < MOST_GRADED;
        }
        return whole;
    }

    private List<Compared> compared(
            UUID useCase,
            Rollout rollout,
            List<Stage> stages,
            Set<Stage> ungraded,
            List<Measure> measures,
            Instant now) {
        Map<Measure, List<Split>> splits = new HashMap<>();
        measures.forEach(measure -> splits.put(measure, new ArrayList<>()));
        for (Stage stage : stages) {
            RolloutTallies.Sums sums = closed.of(
                    rollout.id(),
                    stage,
                    now,
                    !ungraded.contains(stage),
                    () -> tallies.of(asked(useCase, rollout, stage, now)));
            splits.forEach((measure, list) -> list.add(new Split(
                    tally(sums.others().get(sum(measure))),
                    tally(sums.candidate().get(sum(measure))))));
        }
        return measures.stream()
                .map(measure -> new Compared(measure, splits.getOrDefault(measure, List.of())))
                .toList();
    }

    private RolloutTallies.Asked asked(UUID useCase, Rollout rollout, Stage stage, Instant now) {
        Served baseline = rollout.baseline();
        return new RolloutTallies.Asked(
                rollout.id(),
                useCase,
                stage.from(),
                end(stage, now),
                Traffic.CANDIDATE,
                rollout.candidate().reference(),
                baseline == null ? null : baseline.reference(),
                stage.copies(),
                plan.promotion().within(),
                plan.promotion().mostCost(),
                plan.currency(),
                plan.promotion().feedback().stream()
                        .map(scale ->
                                new RolloutTallies.Metric(scale.metric(), scale.low(), scale.high(), scale.fewer()))
                        .toList());
    }

    private static Tally tally(RolloutTallies.@Nullable Sum sum) {
        return sum == null ? Tally.NONE : new Tally(sum.count(), sum.sum());
    }

    private static String sum(Measure measure) {
        return switch (measure) {
            case QUALITY -> RolloutTallies.QUALITY;
            case FEEDBACK -> RolloutTallies.FEEDBACK;
            case ANSWERED -> RolloutTallies.ANSWERED;
            case IN_TIME -> RolloutTallies.IN_TIME;
            case WITHIN_COST -> RolloutTallies.WITHIN_COST;
        };
    }
}
