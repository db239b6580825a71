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
        return Judged.of(tasks, pooled, grader);
    }
}
