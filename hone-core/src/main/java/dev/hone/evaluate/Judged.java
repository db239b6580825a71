package dev.hone.evaluate;

import dev.hone.record.Grader;
import dev.hone.record.Grader.Grade;
import dev.hone.record.Task;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A contender's answers with their grades. Made once a contender; read by {@link Report} and by whoever shows answers.
 *
 * @param tasks what was asked, as many as were answered
 * @param answers one a task
 * @param grades one a task
 */
public record Judged(List<Task> tasks, Answers answers, List<Grade> grades) {
    public Judged {
        tasks = List.copyOf(tasks);
        grades = List.copyOf(grades);
        if (tasks.size() != grades.size() || tasks.size() != answers.answers().size()) {
            throw new IllegalArgumentException("[%s] has [%d] tasks, [%d] answers and [%d] grades"
                    .formatted(
                            answers.contender(), tasks.size(), answers.answers().size(), grades.size()));
        }
    }

    /** Grades answers to the first of some tasks, as many as were answered. */
    public static Judged of(List<Task> tasks, Answers answers, Grader grader) {
        List<Task> answered = tasks.subList(0, answers.answers().size());
        List<Grade> grades = new ArrayList<>();
        for (int i = 0; i < answered.size(); i++) {
            grades.add(grader.grade(answered.get(i), answers.answers().get(i).output()));
        }
        return new Judged(answered, answers, grades);
    }

    /** Name of the contender. */
    public String contender() {
        return answers.contender();
    }

    /** 1 for each answer that is right in every respect, 0 for every other. */
    double[] right() {
        return grades.stream().mapToDouble(grade -> grade.score() == 1 ? 1 : 0).toArray();
    }

    /** Two contenders on the tasks that both answered. */
    record Pair(double[] a, double[] b) {
        /** Task by task, by their ids. */
        static Pair of(Judged a, Judged b) {
            Map<String, Double> others = new HashMap<>();
            double[] right = b.right();
            for (int i = 0; i < right.length; i++) {
                others.put(b.tasks.get(i).id(), right[i]);
            }
            List<Double> first = new ArrayList<>();
            List<Double> second = new ArrayList<>();
            double[] mine = a.right();
            for (int i = 0; i < mine.length; i++) {
                Double other = others.get(a.tasks.get(i).id());
                if (other != null) {
                    first.add(mine[i]);
                    second.add(other);
                }
            }
            return new Pair(
                    first.stream().mapToDouble(one -> one).toArray(),
                    second.stream().mapToDouble(one -> one).toArray());
        }
    }

    /** Mean of a part of the grades; 0 where a grade lacks it. */
    double mean(String part) {
        return grades.stream()
                .mapToDouble(grade -> grade.parts().getOrDefault(part, 0.0))
                .average()
                .orElseThrow();
    }
}
