package dev.hone.run;

import dev.hone.evaluate.Answer;
import dev.hone.evaluate.Answers;
import dev.hone.evaluate.Judged;
import dev.hone.evaluate.Report;
import dev.hone.record.Grader;
import dev.hone.record.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** What came of several folds, as if these were one. */
final class Pooled {
    private Pooled() {}

    /**
     * Contenders that were judged in every fold, in the first fold's order.
     *
     * @param folds what was judged in each
     */
    static List<Judged> of(List<List<Judged>> folds, Grader grader) {
        Set<String> names = new LinkedHashSet<>();
        folds.getFirst().forEach(judged -> names.add(judged.contender()));
        folds.forEach(
                fold -> names.retainAll(fold.stream().map(Judged::contender).toList()));
        return names.stream()
                .map(name ->
                        joined(folds.stream().map(fold -> named(fold, name)).toList(), grader))
                .toList();
    }

    static Judged named(List<Judged> judged, String name) {
        return judged.stream()
                .filter(one -> one.contender().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Trainings from rewards of several folds, as if these were one: tokens, alarms and seconds together, the mean of everything else; null of none. */
    static Report.@Nullable Reinforcement reinforcement(List<Report.Reinforcement> runs) {
        return runs.isEmpty()
                ? null
                : new Report.Reinforcement(
                        Math.round(mean(runs, Report.Reinforcement::steps)),
                        LoopTraining.PROMPTS,
                        LoopTraining.SAMPLES,
                        runs.stream().mapToLong(Report.Reinforcement::tokens).sum(),
                        mean(runs, Report.Reinforcement::tokensPerSecond),
                        mean(runs, Report.Reinforcement::firstReward),
                        mean(runs, Report.Reinforcement::finalReward),
                        runs.stream().mapToInt(Report.Reinforcement::alarms).sum(),
                        runs.stream()
                                .mapToDouble(Report.Reinforcement::wallSeconds)
                                .sum());
    }

    /** Of one run at least. */
    static <T> double mean(List<T> runs, ToDoubleFunction<T> figure) {
        return runs.stream().mapToDouble(figure).average().orElseThrow();
    }

    private static Judged joined(List<Judged> folds, Grader grader) {
        List<Task> tasks = new ArrayList<>();
        List<Answer> answers = new ArrayList<>();
        for (Judged fold : folds) {
            tasks.addAll(fold.tasks());
            answers.addAll(fold.answers().answers());
        }
        Answers pooled = new Answers(
                folds.getFirst().contender(),
                answers,
                folds.stream().mapToDouble(fold -> fold.answers().seconds()).sum(),
                folds.stream()
                        .flatMapToDouble(fold -> Arrays.stream(fold.answers().latencies()))
                        .toArray());
        return Judged.of(tasks, pooled.cutting(cut(folds)), grader);
    }

    /** Null where it was not counted in every fold. */
    private static @Nullable Integer cut(List<Judged> folds) {
        List<Integer> counts = folds.stream()
                .map(fold -> fold.answers().cut())
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .toList();
        return counts.size() < folds.size()
                ? null
                : Integer.valueOf(counts.stream().mapToInt(count -> count).sum());
    }
}
