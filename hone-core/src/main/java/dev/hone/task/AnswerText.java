package dev.hone.task;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * An assistant's message as what a model would write, which is what graders judge: its call as compact JSON, of several the first, else its text.
 */
public final class AnswerText {
    private static final JsonMapper JSON = JsonMapper.shared();

    private AnswerText() {}

    /** @param message JSON in OpenAI's form */
    public static String of(String message) {
        return of(JSON.readTree(message));
    }

    /** @param message in OpenAI's form */
    public static String of(JsonNode message) {
        JsonNode function = message.path("tool_calls").path(0).path("function");
        return function.isObject() ? call(function) : message.path("content").asString("");
    }

    private static String call(JsonNode function) {
        ObjectNode object =
                JSON.createObjectNode().put("name", function.path("name").asString(""));
        String arguments = function.path("arguments").asString("");
        try {
            object.set("arguments", JSON.readTree(arguments));
        } catch (JacksonException e) {
            object.put("arguments", arguments);
        }
        return object.toString();
    }
}
