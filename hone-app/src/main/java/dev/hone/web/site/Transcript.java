package dev.hone.web.site;

import dev.hone.capture.JsonValues;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What was said in a call, read from the bodies of chat completions, completions, embeddings and responses. What is none of these is shown as
 * it is. Everything in it is text that others wrote.
 *
 * @param asked in its order
 * @param answered one for each choice
 * @param tools names of those that were offered
 */
public record Transcript(List<Said> asked, List<Said> answered, List<String> tools) {
    private static final JsonMapper JSON = JsonMapper.shared();

    /** Of a body that is made into messages: as a document each takes some hundred bytes. What has more is shown as it is. */
    static final int MOST_VALUES = 500_000;

    public Transcript {
        asked = List.copyOf(asked);
        answered = List.copyOf(answered);
        tools = List.copyOf(tools);
    }

    /** A message: who said it, the text, and the tools that it calls. */
    public record Said(String role, Text text, List<Called> calls) {}

    /** A tool that was called. */
    public record Called(String name, Text arguments) {}

    static Transcript of(@Nullable String request, @Nullable String response) {
        JsonNode asked = tree(request);
        JsonNode answered = tree(response);
        List<String> tools = new ArrayList<>();
        asked.path("tools")
                .forEach(tool -> tools.add(tool.at("/function/name")
                        .asString(tool.path("name").asString(tool.path("type").asString("?")))));
        return new Transcript(
                request == null ? List.of() : asked(asked, request),
                response == null ? List.of() : answered(answered, response),
                tools);
    }

    /** Without what the call before said already. */
    Transcript without(List<Said> before) {
        int same = 0;
        while (same < before.size() && same < asked.size() && asked.get(same).equals(before.get(same))) {
            same++;
        }
        return new Transcript(asked.subList(same, asked.size()), answered, tools);
    }

    private static JsonNode tree(@Nullable String text) {
        try {
            return text == null || JsonValues.in(text) > MOST_VALUES ? JSON.missingNode() : JSON.readTree(text);
        } catch (JacksonException e) {
            return JSON.missingNode();
        }
    }

    private static List<Said> asked(JsonNode request, String raw) {
        List<Said> said = new ArrayList<>();
        if (request.path("instructions").isString()) {
            said.add(plain("instructions", request.path("instructions").asString()));
        }
        for (String field : List.of("messages", "input", "prompt")) {
            JsonNode value = request.path(field);
            if (value.isString()) {
                said.add(plain(field, value.asString()));
            } else if (value.isArray()) {
                value.forEach(one -> said.add(one.isObject() ? message(one) : plain(field, content(one))));
            }
        }
        return said.isEmpty() ? List.of(plain("request", raw)) : said;
    }

    private static List<Said> answered(JsonNode response, String raw) {
        List<Said> said = new ArrayList<>();
        for (JsonNode choice : response.path("choices")) {
            said.add(
                    choice.path("message").isObject()
                            ? message(choice.path("message"))
                            : plain("text", choice.path("text").asString("")));
        }
        for (JsonNode item : response.path("output")) {
            said.add(message(item));
        }
        return said.isEmpty() ? List.of(plain("answer", raw)) : said;
    }

    private static Said plain(String role, String text) {
        return new Said(role, new Text(text), List.of());
    }

    private static Said message(JsonNode message) {
        List<Called> calls = new ArrayList<>();
        for (JsonNode call : message.path("tool_calls")) {
            calls.add(called(call.path("function")));
        }
        if (message.path("type").asString("").equals("function_call")) {
            calls.add(called(message));
        }
        StringBuilder text = new StringBuilder();
        for (String field : List.of("reasoning_content", "content", "refusal", "output")) {
            JsonNode value = message.path(field);
            if (!value.isMissingNode() && !value.isNull()) {
                text.append(text.isEmpty() ? "" : "\n\n").append(content(value));
            }
        }
        String role = message.path("role").asString(message.path("type").asString("?"));
        String tool =
                message.path("tool_call_id").asString(message.path("call_id").asString(""));
        return new Said(tool.isEmpty() ? role : role + " " + tool, new Text(text.toString()), calls);
    }

    private static Called called(JsonNode function) {
        return new Called(
                function.path("name").asString("?"),
                new Text(pretty(function.path("arguments").asString(""))));
    }

    /** JSON over several lines; what is none as it is. */
    private static String pretty(String text) {
        JsonNode tree = tree(text);
        return tree.isObject() || tree.isArray() ? tree.toPrettyString() : text;
    }

    /** Parts of a message one below the other; what is no text by its kind alone. */
    private static String content(JsonNode content) {
        if (content.isString()) {
            return content.asString();
        }
        if (!content.isArray()) {
            return content.toPrettyString();
        }
        List<String> parts = new ArrayList<>();
        for (JsonNode part : content) {
            parts.add(
                    part.isString()
                            ? part.asString()
                            : part.path("text").isString()
                                    ? part.path("text").asString()
                                    : "[%s]".formatted(part.path("type").asString("part")));
        }
        return String.join("\n", parts);
    }
}
