package dev.hone.improve;

import dev.hone.record.AnswerLogprob;
import dev.hone.record.Conversation;
import dev.hone.record.Task;
import dev.hone.record.ToolCall;
import dev.hone.task.AnswerKey;
import dev.hone.task.StoredCall;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A call as it is watched: read from the bodies that are stored, of chat completions, responses, completions and imported rows.
 *
 * @param input what was asked, with the tools that were offered
 * @param text that was answered; empty where only tools were called
 * @param calls that were answered
 * @param structured whether the answer had to have a form: a call, or JSON that the request asked for
 * @param uncertainty 1 less the geometric mean of the probabilities of the answer's tokens (length-normalised likelihood; Malinin and Gales 2021);
 *     null where the answer does not have them
 */
public record SeenCall(
        UUID trace,
        Conversation input,
        String text,
        List<ToolCall> calls,
        boolean structured,
        @Nullable Double uncertainty) {
    private static final JsonMapper JSON = JsonMapper.shared();

    public SeenCall {
        calls = List.copyOf(calls);
    }

    /** Empty where request or answer cannot be read. */
    public static Optional<SeenCall> read(UUID trace, @Nullable String request, @Nullable String response) {
        JsonNode asked = StoredCall.object(request);
        JsonNode answered = StoredCall.object(response);
        if (asked == null || answered == null) {
            return Optional.empty();
        }
        StoredCall.Answered said = StoredCall.answered(answered);
        if (said.text().isEmpty() && said.calls().isEmpty()) {
            return Optional.empty();
        }
        StoredCall.Asked turns = StoredCall.asked(asked);
        return Optional.of(new SeenCall(
                trace,
                new Conversation(
                        turns.turns(),
                        turns.functions().stream().map(SeenCall::tool).toList()),
                said.text(),
                said.calls(),
                !said.calls().isEmpty()
                        || asked.at("/response_format/type").asString("").startsWith("json"),
                uncertainty(answered.path("choices").path(0).path("logprobs").path("content"))));
    }

    /** In the form of chat completions, whichever it came in. */
    private static String tool(JsonNode function) {
        ObjectNode form = JSON.createObjectNode().put("type", "function");
        ObjectNode copy = form.putObject("function");
        for (String key : List.of("name", "description", "parameters")) {
            if (function.has(key)) {
                copy.set(key, function.get(key));
            }
        }
        return form.toString();
    }

    private static @Nullable Double uncertainty(JsonNode tokens) {
        double sum = 0;
        int count = 0;
        for (JsonNode token : tokens) {
            if (token.path("logprob").isNumber()) {
                sum += Math.min(0, token.path("logprob").doubleValue());
                count++;
            }
        }
        return count == 0 ? null : 1 - Math.exp(sum / count);
    }

    /**
     * How unsure a model of Hone's own was of its answer. Where a form decides which tokens may come, those that nothing else could take the place of are certain, and
     * would water a mean down: of such an answer it is the probability that another would have been drawn. A text gets less probable with every word, right or wrong, so that of
     * one it is that of a token.
     *
     * @param said by its server; null where it says nothing, and the answer's own tokens count
     */
    public @Nullable Double uncertainty(@Nullable AnswerLogprob said) {
        return said == null ? uncertainty : Double.valueOf(1 - (structured ? said.whole() : said.perToken()));
    }

    /** Text of the last user's turn. */
    public String question() {
        return task("").question();
    }

    /** The task of the call. */
    Task task(String reference) {
        return new Task(trace.toString(), input, reference, Map.of());
    }

    /** Names of the tools that were offered. */
    public List<String> offered() {
        return input.tools().stream()
                .map(tool -> JSON.readTree(tool).path("function").path("name").asString())
                .distinct()
                .toList();
    }

    /** The answer as graders read it: a call as {@code {"name": …, "arguments": {…}}}, else the text. */
    public String output() {
        return calls.isEmpty() ? text : output(calls.getFirst());
    }

    private static String output(ToolCall call) {
        ObjectNode object = JSON.createObjectNode().put("name", call.name());
        JsonNode arguments = StoredCall.object(call.arguments());
        if (arguments == null) {
            object.put("arguments", call.arguments());
        } else {
            object.set("arguments", arguments);
        }
        return object.toString();
    }

    /** The answer as an assistant's message in OpenAI's form. */
    public ObjectNode message() {
        return calls.isEmpty() ? message(text) : message(calls);
    }

    /** A text as an assistant's message. */
    public static ObjectNode message(String text) {
        return JSON.createObjectNode().put("role", "assistant").put("content", text);
    }

    /** Calls as an assistant's message. */
    static ObjectNode message(List<ToolCall> calls) {
        ObjectNode message = JSON.createObjectNode().put("role", "assistant").putNull("content");
        ArrayNode list = message.putArray("tool_calls");
        for (ToolCall call : calls) {
            list.addObject()
                    .put("type", "function")
                    .putObject("function")
                    .put("name", call.name())
                    .put("arguments", call.arguments());
        }
        return message;
    }

    /**
     * A call that somebody wrote, {@code {"name": …, "arguments": {…}}}, as an assistant's message.
     *
     * @throws IllegalArgumentException when it is none, with what to write
     */
    public static ObjectNode calling(String written, List<String> offered) {
        JsonNode call = StoredCall.object(written.strip());
        if (call == null
                || !call.path("name").isString()
                || !call.path("arguments").isObject()) {
            throw new IllegalArgumentException(
                    "That is no call: write one JSON object, {\"name\": \"…\", \"arguments\": {…}}");
        }
        String name = call.path("name").asString();
        if (!offered.contains(name)) {
            throw new IllegalArgumentException(
                    "There is no tool [%s] among those that were offered: %s".formatted(name, offered));
        }
        return message(List.of(new ToolCall("", name, call.path("arguments").toString())));
    }

    /** What is the same answer, however it is written. */
    public String key() {
        return AnswerKey.of(message());
    }
}
