package dev.hone.run;

import dev.hone.evaluate.Answer;
import dev.hone.evaluate.Answers;
import dev.hone.fetch.Hashes;
import dev.hone.record.Constraint;
import dev.hone.record.Conversation;
import dev.hone.record.Sample;
import dev.hone.record.SampleRequest;
import dev.hone.record.SamplingParams;
import dev.hone.record.Seeds;
import dev.hone.record.Snapshot;
import dev.hone.record.Task;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A model that answers tasks, asked in one way: greedily, or with the most probable of several answers. A greedy answer is most
 * probable word by word, which need not make it so as a whole.
 *
 * @param name of the contender
 * @param tasks what it is asked
 * @param timed how many of these are asked again, one by one, for the latency of a single request
 * @param ask the conversation that a task becomes
 * @param constrain what its answer may be
 * @param drawn answers at temperature 1, of which the most probable counts; 0 for the greedy one
 * @param seed of what is drawn, with a stream of its own for each task; null for one stream, the same whenever somebody is
 *     asked, that every task draws from: so the answers of studies and rounds were drawn, which go on
 */
public record ModelContender(
        String name,
        List<Task> tasks,
        int timed,
        Function<Task, Conversation> ask,
        Function<Task, Constraint> constrain,
        int drawn,
        @Nullable Long seed) {
    static final int CHUNK = 32;

    private static final long SHARED = 1;

    /** Greedily, or with answers drawn from the stream that all tasks share. */
    public ModelContender(
            String name,
            List<Task> tasks,
            int timed,
            Function<Task, Conversation> ask,
            Function<Task, Constraint> constrain,
            int drawn) {
        this(name, tasks, timed, ask, constrain, drawn, null);
    }

    /** Greedily. */
    public ModelContender(
            String name,
            List<Task> tasks,
            int timed,
            Function<Task, Conversation> ask,
            Function<Task, Constraint> constrain) {
        this(name, tasks, timed, ask, constrain, 0);
    }

    /** The same with the most probable of several answers. */
    ModelContender drawing(int count, long from) {
        return new ModelContender(name, tasks, timed, ask, constrain, count, from);
    }

    /** How many requests are answered in all. */
    int requests() {
        return tasks.size() + timed;
    }

    /**
     * Answers all tasks together, then the first of them again one by one, after one that warms up.
     *
     * @param progress hears how many requests are done
     * @param stop whether to stop at the next request
     * @return nothing when stopped
     */
    Optional<Answers> answer(
            LoadedModel model, Snapshot snapshot, int maxTokens, IntConsumer progress, BooleanSupplier stop) {
        List<SampleRequest> requests =
                tasks.stream().map(task -> request(task, model, maxTokens)).toList();
        List<Answer> answers = new ArrayList<>();
        progress.accept(0);
        long start = System.nanoTime();
        for (int from = 0; from < requests.size(); from += CHUNK) {
            if (stop.getAsBoolean()) {
                return Optional.empty();
            }
            answers.addAll(answers(model, snapshot, requests.subList(from, Math.min(from + CHUNK, requests.size()))));
            progress.accept(answers.size());
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        answers(model, snapshot, requests.subList(0, 1));
        double[] latencies = new double[Math.min(timed, requests.size())];
        for (int i = 0; i < latencies.length; i++) {
            if (stop.getAsBoolean()) {
                return Optional.empty();
            }
            long before = System.nanoTime();
            answers(model, snapshot, requests.subList(i, i + 1));
            latencies[i] = (System.nanoTime() - before) / 1e9;
            progress.accept(answers.size() + i + 1);
        }
        return Optional.of(new Answers(name, answers, seconds, latencies));
    }

    /**
     * Of everything that decides its answers.
     *
     * @param who hash of the model
     */
    String identity(LoadedModel model, int maxTokens, String who) {
        Identity identity = new Identity().add(who).add(maxTokens + " " + drawn);
        if (seed != null) {
            identity.addValue(seed);
        }
        for (Task task : tasks) {
            identity.add(task.id())
                    .addValue(model.prompt(ask.apply(task)))
                    .add(constrain.apply(task).toString());
        }
        return identity.hex();
    }

    SampleRequest request(Task task, LoadedModel model, int maxTokens) {
        SamplingParams params = drawn == 0
                ? SamplingParams.greedy(maxTokens, model.endTokens())
                : new SamplingParams(maxTokens, 1, 0, 1, 0, List.of(), model.endTokens(), stream(task));
        return new SampleRequest(model.prompt(ask.apply(task)), Math.max(1, drawn), params, constrain.apply(task));
    }

    private long stream(Task task) {
        if (seed == null) {
            return SHARED;
        }
        byte[] place = Hashes.sha256().digest(task.id().getBytes(StandardCharsets.UTF_8));
        return Seeds.mix(seed, ByteBuffer.wrap(place).getLong());
    }

    /** What is thrown away was written too, and is counted. */
    private static List<Answer> answers(LoadedModel model, Snapshot snapshot, List<SampleRequest> requests) {
        List<List<Sample>> samples = snapshot.sample(requests);
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            answers.add(new Answer(
                    model.text(Sample.mostProbable(samples.get(i))),
                    requests.get(i).prompt().length,
                    samples.get(i).stream().mapToInt(one -> one.tokens().length).sum()));
        }
        return answers;
    }
}
