package dev.hone.task;

import java.util.Locale;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is the same answer, however it is written: calls and JSON objects with their fields in order, a text without room around it and in small letters.
 */
public final class AnswerKey {
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(200).build())
                    .build())
            .build();

    private AnswerKey() {}

    /** Of an assistant's message as JSON; of what is none, its text. */
    public static String of(String message) {
        JsonNode node = tree(message);
        return node == null || !node.isObject()
                ? text(node == null || !node.isString() ? message : node.asString())
                : of(node);
    }

    /** Of an assistant's message. */
    public static String of(JsonNode message) {
        JsonNode calls = message.path("tool_calls");
        if (calls.isArray() && !calls.isEmpty()) {
            StringBuilder key = new StringBuilder();
            for (JsonNode call : calls) {
                JsonNode arguments =
                        object(call.path("function").path("arguments").asString(""));
                key.append(call.path("function").path("name").asString("?"))
                        .append(arguments == null ? "" : sorted(arguments));
            }
            return key.toString();
        }
        return text(content(message.path("content")));
    }

    private static String text(String text) {
        JsonNode object = object(text);
        return object == null ? text.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT) : sorted(object);
    }

    /** The text of a message's content: as it is, or its parts' with a line each. */
    public static String content(JsonNode content) {
        if (content.isString()) {
            return content.asString();
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode part : content) {
            String one = part.isString() ? part.asString() : part.path("text").asString("");
            text.append(text.isEmpty() || one.isEmpty() ? "" : "\n").append(one);
        }
        return text.toString();
    }

    private static @Nullable JsonNode object(String text) {
        JsonNode node = text.stripLeading().startsWith("{") ? tree(text) : null;
        return node != null && node.isObject() ? node : null;
    }

    private static @Nullable JsonNode tree(String text) {
        try {
            return JSON.readTree(text);
        } catch (JacksonException e) {
            return null;
        }
    }

    private static String sorted(JsonNode node) {
        if (!node.isObject()) {
            return node.isNumber() ? node.decimalValue().stripTrailingZeros().toString() : node.toString();
        }
        TreeMap<String, String> entries = new TreeMap<>();
        node.properties().forEach(entry -> entries.put(entry.getKey(), sorted(entry.getValue())));
        return entries.toString();
    }
}
