package dev.hone.run;

import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.Sample;
import dev.hone.record.SampleRequest;
import dev.hone.record.SamplingParams;
import dev.hone.record.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/** Lets a model answer the last assistant turn of each conversation, greedily. */
public final class Evaluation {
    private static final int CHUNK = 64;

    private final LoadedModel model;
    private final Snapshot snapshot;

    public Evaluation(LoadedModel model, Snapshot snapshot) {
        this.model = model;
        this.snapshot = snapshot;
    }

    /**
     * What came out.
     *
     * @param outputs text of each answer
     * @param promptTokens of all prompts
     * @param completionTokens of all answers
     * @param seconds of wall time
     */
    public record Answers(List<String> outputs, long promptTokens, long completionTokens, double seconds) {}

    /** The text that the last turn should have been. */
    public static String right(Conversation row) {
        ChatMessage last = row.messages().getLast();
        if (!last.toolCalls().isEmpty()) {
            throw new IllegalArgumentException(
                    "A row ends with a tool call; [hone eval] compares texts: give the call as the turn's text");
        }
        return last.content();
    }

    /** @param progress hears the number of rows answered so far */
    public Answers answer(List<Conversation> rows, int maxTokens, IntConsumer progress) {
        SamplingParams greedy = SamplingParams.greedy(maxTokens, model.endTokens());
        List<SampleRequest> requests = new ArrayList<>();
        for (Conversation row : rows) {
            List<ChatMessage> before = row.messages().subList(0, row.messages().size() - 1);
            requests.add(new SampleRequest(model.prompt(new Conversation(before, row.tools())), 1, greedy));
        }
        List<String> outputs = new ArrayList<>();
        long completion = 0;
        long start = System.nanoTime();
        for (int from = 0; from < requests.size(); from += CHUNK) {
            List<SampleRequest> chunk = requests.subList(from, Math.min(from + CHUNK, requests.size()));
            for (List<Sample> samples : snapshot.sample(chunk)) {
                outputs.add(model.text(samples.getFirst()));
                completion += samples.getFirst().tokens().length;
            }
            progress.accept(outputs.size());
        }
        long prompt =
                requests.stream().mapToLong(request -> request.prompt().length).sum();
        return new Answers(outputs, prompt, completion, (System.nanoTime() - start) / 1e9);
    }
}
