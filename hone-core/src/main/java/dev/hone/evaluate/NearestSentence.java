package dev.hone.evaluate;

import dev.hone.record.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * The contender that copies: the reference of the training task that answers with what the task offers (a tool of the same
 * schema, else of the same name, else any) and, among these, whose question is nearest.
 */
public final class NearestSentence {
    private static final double MOST_COSINE = 1;

    /** What a comparison of two by how they are written takes, about: 6 ms with 659 in docs/results/demo.md. */
    private static final double PAIR_SECONDS = 1e-5;

    private final List<Task> train;
    private final Function<Task, Set<String>> offers;
    private final List<Set<String>> uses;
    private final TextSimilarity similarity;

    /**
     * @param offers labels of what a task can be answered with
     * @param uses labels of what a training task was answered with: the more of them a task offers, the nearer it is
     * @param similarity of questions to those that it is given
     */
    public NearestSentence(
            List<Task> train,
            Function<Task, Set<String>> offers,
            Function<Task, Set<String>> uses,
            Function<List<String>, TextSimilarity> similarity) {
        this.train = List.copyOf(train);
        this.offers = offers;
        this.uses = train.stream().map(uses).toList();
        this.similarity = similarity.apply(train.stream().map(Task::question).toList());
    }

    /** What it takes, about, to find the nearest of some known tasks by how they are written, for each of some others: the product counts. */
    public static double seconds(long known, long asked) {
        return PAIR_SECONDS * known * asked;
    }

    /** The training tasks nearest to a task, the nearest first. */
    public List<Task> nearest(Task task, int count) {
        double[] nearness = similarity.of(task.question());
        Set<String> offered = offers.apply(task);
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < nearness.length; i++) {
            long shared = uses.get(i).stream().filter(offered::contains).count();
            nearness[i] += shared * MOST_COSINE;
            order.add(i);
        }
        order.sort((a, b) -> Double.compare(nearness[b], nearness[a]));
        return order.subList(0, Math.min(count, order.size())).stream()
                .map(train::get)
                .toList();
    }

    /** Copies the nearest task's reference for each task. */
    public Answers answer(String name, List<Task> tasks) {
        return Answers.oneByOne(name, tasks, task -> nearest(task, 1).getFirst().reference());
    }
}
