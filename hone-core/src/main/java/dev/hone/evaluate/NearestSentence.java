package dev.hone.evaluate;

import dev.hone.record.Task;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The contender that copies: the reference of the training task that answers with what the task offers (a tool of the same
 * schema, else of the same name, else any) and, among these, whose question is nearest by the cosine of character {@value
 * #SHORTEST}- to {@value #LONGEST}-gram TF-IDF vectors ({@code (1 + ln tf) · (1 + ln((1 + n) / (1 + df)))}, as in
 * scikit-learn with sublinear tf).
 */
public final class NearestSentence {
    private static final int SHORTEST = 2;
    private static final int LONGEST = 4;
    private static final double MOST_COSINE = 1;

    private final List<Task> train;
    private final Function<Task, Set<String>> offers;
    private final List<Set<String>> uses;
    private final Map<String, Double> weights = new HashMap<>();
    private final List<Map<String, Double>> vectors = new ArrayList<>();

    /**
     * @param offers labels of what a task can be answered with
     * @param uses labels of what a training task was answered with: the more of them a task offers, the nearer it is
     */
    public NearestSentence(List<Task> train, Function<Task, Set<String>> offers, Function<Task, Set<String>> uses) {
        this.train = List.copyOf(train);
        this.offers = offers;
        this.uses = train.stream().map(uses).toList();
        Map<String, Integer> documents = new HashMap<>();
        for (Task task : train) {
            counts(task.question()).keySet().forEach(gram -> documents.merge(gram, 1, Integer::sum));
        }
        documents.forEach((gram, count) -> weights.put(gram, 1 + Math.log((1.0 + train.size()) / (1.0 + count))));
        train.forEach(task -> vectors.add(vector(task.question())));
    }

    /** The training tasks nearest to a task, the nearest first. */
    public List<Task> nearest(Task task, int count) {
        Map<String, Double> vector = vector(task.question());
        Set<String> offered = offers.apply(task);
        double[] similarity = new double[train.size()];
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < similarity.length; i++) {
            long shared = uses.get(i).stream().filter(offered::contains).count();
            similarity[i] = shared * MOST_COSINE + cosine(vector, vectors.get(i));
            order.add(i);
        }
        order.sort((a, b) -> Double.compare(similarity[b], similarity[a]));
        return order.subList(0, Math.min(count, order.size())).stream()
                .map(train::get)
                .toList();
    }

    /** Copies the nearest task's reference for each task. */
    public Answers answer(String name, List<Task> tasks) {
        return Answers.oneByOne(name, tasks, task -> nearest(task, 1).getFirst().reference());
    }

    private Map<String, Double> vector(String text) {
        Map<String, Double> vector = new HashMap<>();
        double squares = 0;
        for (Map.Entry<String, Integer> entry : counts(text).entrySet()) {
            double value = (1 + Math.log(entry.getValue())) * weights.getOrDefault(entry.getKey(), 0.0);
            vector.put(entry.getKey(), value);
            squares += value * value;
        }
        double norm = squares == 0 ? 1 : Math.sqrt(squares);
        vector.replaceAll((gram, value) -> value / norm);
        return vector;
    }

    private static double cosine(Map<String, Double> a, Map<String, Double> b) {
        double sum = 0;
        for (Map.Entry<String, Double> entry : a.entrySet()) {
            sum += entry.getValue() * b.getOrDefault(entry.getKey(), 0.0);
        }
        return sum;
    }

    private static Map<String, Integer> counts(String text) {
        String spaced =
                " " + text.toLowerCase(Locale.ROOT).replaceAll("\\s+", " ").strip() + " ";
        Map<String, Integer> counts = new HashMap<>();
        for (int size = SHORTEST; size <= LONGEST; size++) {
            for (int i = 0; i + size <= spaced.length(); i++) {
                counts.merge(spaced.substring(i, i + size), 1, Integer::sum);
            }
        }
        return counts;
    }
}
