package dev.hone.run;

import dev.hone.evaluate.Answer;
import dev.hone.evaluate.Answers;
import dev.hone.record.Constraint;
import dev.hone.record.Conversation;
import dev.hone.record.Sample;
import dev.hone.record.SampleRequest;
import dev.hone.record.SamplingParams;
import dev.hone.record.Snapshot;
import dev.hone.record.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntConsumer;

/**
 * A model that answers tasks greedily, asked in one way.
 *
 * @param name of the contender
 * @param tasks what it is asked
 * @param timed how many of these are asked again, one by one, for the latency of a single request
 * @param ask the conversation that a task becomes
 * @param constrain what its answer may be
 */
record ModelContender(
        String name,
        List<Task> tasks,
        int timed,
        Function<Task, Conversation> ask,
        Function<Task, Constraint> constrain) {
    static final int CHUNK = 32;

    /** Of any text. */
    ModelContender(String name, List<Task> tasks, int timed, Function<Task, Conversation> ask) {
        this(name, tasks, timed, ask, task -> new Constraint.None());
    }

    /** How many requests are answered in all. */
    int requests() {
        return tasks.size() + timed;
    }

    /**
     * Answers all tasks together, then the first of them again one by one, after one that warms up.
     *
     * @param progress hears how many requests are done
     */
    Answers answer(LoadedModel model, Snapshot snapshot, int maxTokens, IntConsumer progress) {
        SamplingParams greedy = SamplingParams.greedy(maxTokens, model.endTokens());
        List<SampleRequest> requests = tasks.stream()
                .map(task -> new SampleRequest(model.prompt(ask.apply(task)), 1, greedy, constrain.apply(task)))
                .toList();
        List<Answer> answers = new ArrayList<>();
        progress.accept(0);
        long start = System.nanoTime();
        for (int from = 0; from < requests.size(); from += CHUNK) {
            List<SampleRequest> chunk = requests.subList(from, Math.min(from + CHUNK, requests.size()));
            for (List<Sample> samples : snapshot.sample(chunk)) {
                Sample sample = samples.getFirst();
                int[] prompt = requests.get(answers.size()).prompt();
                answers.add(new Answer(model.text(sample), prompt.length, sample.tokens().length));
            }
            progress.accept(answers.size());
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        snapshot.sample(requests.subList(0, 1));
        double[] latencies = new double[Math.min(timed, requests.size())];
        for (int i = 0; i < latencies.length; i++) {
            long before = System.nanoTime();
            snapshot.sample(requests.subList(i, i + 1));
            latencies[i] = (System.nanoTime() - before) / 1e9;
            progress.accept(answers.size() + i + 1);
        }
        return new Answers(name, answers, seconds, latencies);
    }
}
