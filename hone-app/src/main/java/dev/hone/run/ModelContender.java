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
 * A model that answers tasks, asked in one way: greedily, or with the most probable of several answers, the greedy one among
 * them. A greedy answer is most probable word by word, which need not make it so as a whole.
 *
 * @param name of the contender
 * @param tasks what it is asked
 * @param timed how many of these are asked again, one by one, for the latency of a single request
 * @param ask the conversation that a task becomes
 * @param constrain what its answer may be
 * @param drawn answers at temperature 1 beside the greedy one
 */
record ModelContender(
        String name,
        List<Task> tasks,
        int timed,
        Function<Task, Conversation> ask,
        Function<Task, Constraint> constrain,
        int drawn) {
    static final int CHUNK = 32;

    private static final long SEED = 1;

    /** Greedily. */
    ModelContender(
            String name,
            List<Task> tasks,
            int timed,
            Function<Task, Conversation> ask,
            Function<Task, Constraint> constrain) {
        this(name, tasks, timed, ask, constrain, 0);
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
        List<List<SampleRequest>> requests =
                tasks.stream().map(task -> requests(task, model, maxTokens)).toList();
        List<Answer> answers = new ArrayList<>();
        progress.accept(0);
        long start = System.nanoTime();
        for (int from = 0; from < requests.size(); from += CHUNK) {
            answers.addAll(answers(model, snapshot, requests.subList(from, Math.min(from + CHUNK, requests.size()))));
            progress.accept(answers.size());
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        answers(model, snapshot, requests.subList(0, 1));
        double[] latencies = new double[Math.min(timed, requests.size())];
        for (int i = 0; i < latencies.length; i++) {
            long before = System.nanoTime();
            answers(model, snapshot, requests.subList(i, i + 1));
            latencies[i] = (System.nanoTime() - before) / 1e9;
            progress.accept(answers.size() + i + 1);
        }
        return new Answers(name, answers, seconds, latencies);
    }

    /**
     * Of everything that decides its answers.
     *
     * @param who hash of the model
     */
    String identity(LoadedModel model, int maxTokens, String who) {
        Identity identity = new Identity().add(who).add(maxTokens + " " + drawn);
        for (Task task : tasks) {
            identity.add(task.id())
                    .addValue(model.prompt(ask.apply(task)))
                    .add(constrain.apply(task).toString());
        }
        return identity.hex();
    }

    private List<SampleRequest> requests(Task task, LoadedModel model, int maxTokens) {
        int[] prompt = model.prompt(ask.apply(task));
        Constraint constraint = constrain.apply(task);
        SamplingParams greedy = SamplingParams.greedy(maxTokens, model.endTokens());
        SamplingParams plain = new SamplingParams(maxTokens, 1, 0, 1, 0, List.of(), model.endTokens(), SEED);
        List<SampleRequest> requests = new ArrayList<>();
        requests.add(new SampleRequest(prompt, 1, greedy, constraint));
        if (drawn > 0) {
            requests.add(new SampleRequest(prompt, drawn, plain, constraint));
        }
        return requests;
    }

    /** Of some tasks, all their requests together. What is thrown away was written too, and is counted. */
    private static List<Answer> answers(LoadedModel model, Snapshot snapshot, List<List<SampleRequest>> requests) {
        List<List<Sample>> samples =
                snapshot.sample(requests.stream().flatMap(List::stream).toList());
        List<Answer> answers = new ArrayList<>();
        int next = 0;
        for (List<SampleRequest> ofTask : requests) {
            List<Sample> candidates = samples.subList(next, next + ofTask.size()).stream()
                    .flatMap(List::stream)
                    .toList();
            next += ofTask.size();
            answers.add(new Answer(
                    model.text(mostProbable(candidates)),
                    ofTask.getFirst().prompt().length,
                    candidates.stream().mapToInt(one -> one.tokens().length).sum()));
        }
        return answers;
    }

    /** The first of those that are complete and have the greatest probability; the first where none is complete. */
    static Sample mostProbable(List<Sample> candidates) {
        Sample best = candidates.getFirst();
        double most = Double.NEGATIVE_INFINITY;
        for (Sample one : candidates) {
            double logprob = 0;
            for (float token : one.logprobs()) {
                logprob += token;
            }
            if (one.stopReason() == Sample.StopReason.END && logprob > most) {
                best = one;
                most = logprob;
            }
        }
        return best;
    }
}
