package dev.hone.run;

import dev.hone.record.ChatMessage;
import dev.hone.record.Constraint;
import dev.hone.record.Conversation;
import dev.hone.record.Sample;
import dev.hone.record.SampleRequest;
import dev.hone.record.SamplingParams;
import dev.hone.record.Snapshot;
import dev.hone.task.ChatFile;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntConsumer;

/** Lets a model answer the last assistant turn of each conversation, greedily. */
public final class Evaluation {
    private static final int CHUNK = 64;

    private final LoadedModel model;
    private final Snapshot snapshot;
    private final Constraint constraint;

    /** @param constraint what every answer must be */
    public Evaluation(LoadedModel model, Snapshot snapshot, Constraint constraint) {
        this.model = model;
        this.snapshot = snapshot;
        this.constraint = constraint;
    }

    /**
     * What came out.
     *
     * @param outputs text of each answer; empty where the prompt is longer than the model
     * @param overLong number of those
     * @param promptTokens of all prompts
     * @param completionTokens of all answers
     * @param seconds of wall time
     */
    public record Answers(
            List<String> outputs, int overLong, long promptTokens, long completionTokens, double seconds) {}

    /**
     * The tokens of a row before its last turn.
     *
     * @throws IllegalArgumentException when the model's chat template refuses it, or it does not end with a text
     */
    public static int[] prompt(LoadedModel model, Conversation row) {
        if (!row.messages().getLast().toolCalls().isEmpty()) {
            throw new IllegalArgumentException(
                    "ends with a tool call, and texts are compared: give the call as the turn's text");
        }
        List<ChatMessage> before = row.messages().subList(0, row.messages().size() - 1);
        return model.prompt(new Conversation(before, row.tools()));
    }

    /** The texts that the last turns should have been. */
    public static List<String> right(ChatFile file) {
        return file.rows().stream()
                .map(row -> row.messages().getLast().content())
                .toList();
    }

    /**
     * Answers every {@link #prompt}. One that is longer than the model is answered by nothing, which is wrong.
     *
     * @param progress hears the number of rows answered so far
     */
    public Answers answer(List<int[]> prompts, int maxTokens, IntConsumer progress) {
        SamplingParams greedy = SamplingParams.greedy(maxTokens, model.endTokens());
        List<SampleRequest> requests = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < prompts.size(); i++) {
            int[] prompt = prompts.get(i);
            if (prompt.length < model.config().maxPositions()) {
                requests.add(new SampleRequest(prompt, 1, greedy, constraint));
                places.add(i);
            }
        }
        List<String> outputs = new ArrayList<>(Collections.nCopies(prompts.size(), ""));
        long completion = 0;
        progress.accept(0);
        long start = System.nanoTime();
        for (int from = 0; from < requests.size(); from += CHUNK) {
            int to = Math.min(from + CHUNK, requests.size());
            List<List<Sample>> answered = snapshot.sample(requests.subList(from, to));
            for (int i = from; i < to; i++) {
                Sample sample = answered.get(i - from).getFirst();
                outputs.set(places.get(i), model.text(sample));
                completion += sample.tokens().length;
            }
            progress.accept(to);
        }
        long prompt =
                requests.stream().mapToLong(request -> request.prompt().length).sum();
        return new Answers(
                outputs, outputs.size() - requests.size(), prompt, completion, (System.nanoTime() - start) / 1e9);
    }
}
