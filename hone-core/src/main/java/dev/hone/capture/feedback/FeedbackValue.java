package dev.hone.capture.feedback;

import dev.hone.record.Feedback.Kind;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What values of each kind look like, and the one form in which they are kept. */
final class FeedbackValue {
    private static final int LONGEST_COMMENT = 10_000;
    private static final int LONGEST_OUTPUT = 1 << 18;

    private FeedbackValue() {}

    /** @throws IllegalArgumentException when it is of another shape, with the remedy */
    static JsonNode read(Kind kind, JsonNode value) {
        return switch (kind) {
            case BOOLEAN -> {
                require(value.isBoolean(), "[value] must be true or false");
                yield value;
            }
            case FLOAT -> number(value, "[value] must be a number");
            case OUTCOME ->
                value.isBoolean()
                        ? value
                        : number(value, "[value] must be true, false, or a number of what came of it");
            case COMMENT -> {
                require(
                        value.isString()
                                && !value.stringValue().isBlank()
                                && value.stringValue().length() <= LONGEST_COMMENT,
                        "[value] must be a text of 1 to [%d] characters".formatted(LONGEST_COMMENT));
                yield value;
            }
            case DEMONSTRATION -> output(value, "[value]");
            case PREFERENCE -> preference(value);
        };
    }

    /** 0 or 1 of a boolean, a number as it is, else null. */
    static @Nullable Double score(JsonNode value) {
        return value.isBoolean()
                ? Double.valueOf(value.booleanValue() ? 1 : 0)
                : value.isNumber() ? value.doubleValue() : null;
    }

    private static JsonNode number(JsonNode value, String message) {
        require(value.isNumber() && Double.isFinite(value.doubleValue()), message);
        return value;
    }

    private static JsonNode preference(JsonNode value) {
        require(
                value.isObject() && value.size() == 2 && value.has("chosen") && value.has("rejected"),
                "[value] must have [chosen] and [rejected], each a text or an assistant's message");
        ObjectNode both = JsonMapper.shared().createObjectNode();
        both.set("chosen", output(value.path("chosen"), "[value.chosen]"));
        both.set("rejected", output(value.path("rejected"), "[value.rejected]"));
        require(
                !both.path("chosen").equals(both.path("rejected")),
                "[value.chosen] and [value.rejected] are the same: nothing is better");
        return both;
    }

    /** An assistant's message, in OpenAI's form; a text is one that says it. */
    private static JsonNode output(JsonNode value, String name) {
        require(
                value.toString().length() <= LONGEST_OUTPUT,
                "%s is longer than [%d] characters".formatted(name, LONGEST_OUTPUT));
        if (value.isString() && !value.stringValue().isBlank()) {
            return JsonMapper.shared()
                    .createObjectNode()
                    .put("role", "assistant")
                    .put("content", value.stringValue());
        }
        require(
                value.isObject() && value.path("role").asString("").equals("assistant"),
                "%s must be a text, or a message whose [role] is [assistant]".formatted(name));
        JsonNode calls = value.path("tool_calls");
        require(calls.isMissingNode() || isCalls(calls), """
                %s.tool_calls must be a list, each with [function.name] and [function.arguments] as a text""".formatted(name));
        JsonNode content = value.path("content");
        require(
                content.isString() && !content.stringValue().isEmpty()
                        || content.isArray() && !content.isEmpty()
                        || (content.isNull() || content.isMissingNode() || content.isString()) && isCalls(calls),
                "%s.content must be a text or a list of parts, or be left out beside [tool_calls]".formatted(name));
        return value;
    }

    private static boolean isCalls(JsonNode calls) {
        if (!calls.isArray() || calls.isEmpty()) {
            return false;
        }
        for (JsonNode call : calls) {
            JsonNode function = call.path("function");
            if (!function.path("name").isString() || !function.path("arguments").isString()) {
                return false;
            }
        }
        return true;
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
