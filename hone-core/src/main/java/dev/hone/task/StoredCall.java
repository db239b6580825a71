package dev.hone.task;

import dev.hone.record.ChatMessage;
import dev.hone.record.ToolCall;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the stored bodies of a call say, in whichever of OpenAI's forms they are: chat completions, completions, responses, and imported rows; functions also as they were
 * before there were tools. What cannot be read is missing.
 */
public final class StoredCall {
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(200).build())
                    .build())
            .build();

    private static final String FUNCTION = "function";

    private StoredCall() {}

    /**
     * What was asked.
     *
     * @param turns in order; instructions are the first, as {@code system}
     * @param functions that were offered, each with its name and what else is said of it; other kinds of tools are none
     * @param tools as they were written
     */
    public record Asked(List<ChatMessage> turns, List<JsonNode> functions, JsonNode tools) {
        public Asked {
            turns = List.copyOf(turns);
            functions = List.copyOf(functions);
        }

        /** The tools as a text; empty without functions. */
        public String written() {
            return functions.isEmpty() ? "" : tools.toString();
        }
    }

    /**
     * What came back.
     *
     * @param text empty where only functions were called
     * @param calls of functions
     */
    public record Answered(String text, List<ToolCall> calls) {
        public Answered {
            calls = List.copyOf(calls);
        }
    }

    /** A text as JSON; null where it is none, or nested too deep. */
    public static @Nullable JsonNode tree(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return null;
        }
        try {
            return JSON.readTree(text);
        } catch (JacksonException e) {
            return null;
        }
    }

    /** A text as a JSON object; null where it is none. */
    public static @Nullable JsonNode object(@Nullable String text) {
        JsonNode node = tree(text);
        return node != null && node.isObject() ? node : null;
    }

    /** @param request a JSON object */
    public static Asked asked(JsonNode request) {
        List<ChatMessage> turns = new ArrayList<>();
        if (request.path("instructions").isString()) {
            turns.add(ChatMessage.of("system", request.path("instructions").asString()));
        }
        for (String field : List.of("messages", "input", "prompt")) {
            JsonNode value = request.path(field);
            if (value.isString()) {
                turns.add(ChatMessage.of("user", value.asString()));
            } else if (value.isArray()) {
                value.forEach(one -> turn(one, turns));
            }
        }
        JsonNode tools = request.has("tools") ? request.path("tools") : request.path("functions");
        List<JsonNode> functions = new ArrayList<>();
        for (JsonNode tool : tools) {
            JsonNode function = tool.path(FUNCTION).isObject() ? tool.path(FUNCTION) : tool;
            if (function.path("name").isString()
                    && !function.path("name").asString().isBlank()) {
                functions.add(function);
            }
        }
        return new Asked(turns, functions, tools);
    }

    private static void turn(JsonNode one, List<ChatMessage> turns) {
        String text = one.isString() ? one.asString() : AnswerKey.content(one.path("content"));
        if (one.path("role").isString()) {
            turns.add(ChatMessage.of(one.path("role").asString(), text));
        } else if (!text.isEmpty()) {
            turns.add(ChatMessage.of("user", text));
        }
    }

    /** @param response a JSON object */
    public static Answered answered(JsonNode response) {
        JsonNode choice = response.path("choices").path(0);
        JsonNode message =
                choice.path("message").isObject() ? choice.path("message") : choice.isObject() ? choice : response;
        String content = AnswerKey.content(message.path("content"));
        StringBuilder text =
                new StringBuilder(content.isEmpty() ? message.path("text").asString("") : content);
        List<ToolCall> calls = new ArrayList<>();
        message.path("tool_calls").forEach(call -> calls.add(call(call.path(FUNCTION))));
        if (message.path("function_call").path("name").isString()) {
            calls.add(call(message.path("function_call")));
        }
        for (JsonNode item : response.path("output")) {
            if (item.path("type").asString("").equals("function_call")) {
                calls.add(call(item));
            } else {
                text.append(AnswerKey.content(item.path("content")));
            }
        }
        return new Answered(text.toString(), calls);
    }

    private static ToolCall call(JsonNode function) {
        JsonNode arguments = function.path("arguments");
        return new ToolCall(
                "",
                function.path("name").asString("?"),
                arguments.isString() ? arguments.asString() : arguments.toString());
    }
}
