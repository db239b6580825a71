package dev.hone.run;

import dev.hone.evaluate.Answer;
import dev.hone.evaluate.Answers;
import dev.hone.evaluate.Judged;
import dev.hone.record.Grader;
import dev.hone.record.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Contenders over several folds, as if these were one. */
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
        int common = folds.stream()
                .flatMap(List::stream)
                .filter(judged -> names.contains(judged.contender()))
                .mapToInt(judged -> judged.tasks().size())
                .min()
                .orElse(0);
        return names.stream()
                .map(name -> of(folds.stream().map(fold -> named(fold, name)).toList(), common, grader))
                .toList();
    }

    static Judged named(List<Judged> judged, String name) {
        return judged.stream()
                .filter(one -> one.contender().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** The rows of each fold that everyone answered first, so that any two have the first rows in common. */
    private static Judged of(List<Judged> folds, int common, Grader grader) {
        List<Task> tasks = new ArrayList<>();
        List<Answer> answers = new ArrayList<>();
        for (boolean first : new boolean[] {true, false}) {
            for (Judged fold : folds) {
                int from = first ? 0 : common;
                int to = first ? common : fold.tasks().size();
                tasks.addAll(fold.tasks().subList(from, to));
                answers.addAll(fold.answers().answers().subList(from, to));
            }
        }
        Answers pooled = new Answers(
                folds.getFirst().contender(),
                answers,
                folds.stream().mapToDouble(fold -> fold.answers().seconds()).sum(),
                folds.stream()
                        .flatMapToDouble(fold -> Arrays.stream(fold.answers().latencies()))
                        .toArray());
        return Judged.of(tasks, pooled, grader);
    }
}
