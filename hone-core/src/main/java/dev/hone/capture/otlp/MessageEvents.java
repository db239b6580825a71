package dev.hone.capture.otlp;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Messages of which each is an event of its span, as conventions before {@code gen_ai.input.messages} had it. */
final class MessageEvents {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final List<String> MEMBERS =
            List.of("role", "content", "tool_calls", "id", "finish_reason", "message");

    private MessageEvents() {}

    /** What was asked, in OpenAI's form. */
    static ArrayNode asked(List<ReceivedSpan.Event> events) {
        ArrayNode messages = JSON.createArrayNode();
        for (ReceivedSpan.Event event : events) {
            String role = GenAi.MESSAGE_EVENTS.get(event.name());
            if (role != null) {
                messages.add(message(body(event), role));
            }
        }
        return messages;
    }

    /** What was answered, in OpenAI's form, with {@code finish_reason} beside it. */
    static ArrayNode answered(List<ReceivedSpan.Event> events) {
        ArrayNode messages = JSON.createArrayNode();
        for (ReceivedSpan.Event event : events) {
            if (event.name().equals(GenAi.CHOICE_EVENT)) {
                JsonNode choice = body(event);
                JsonNode inner = SpanMessages.document(choice.get("message"));
                ObjectNode message = inner.isString()
                        ? JSON.createObjectNode().put("role", "assistant").put("content", inner.asString())
                        : message(inner.isObject() ? inner : choice, "assistant");
                if (choice.path("finish_reason").isString()) {
                    message.set("finish_reason", choice.path("finish_reason"));
                }
                messages.add(message);
            }
        }
        return messages;
    }

    private static JsonNode body(ReceivedSpan.Event event) {
        JsonNode content = SpanMessages.document(event.attributes().get(GenAi.EVENT_CONTENT));
        if (content.isObject()) {
            return content;
        }
        ObjectNode body = JSON.createObjectNode();
        for (String member : MEMBERS) {
            JsonNode value = event.attributes().get(member);
            if (value != null) {
                body.set(member, value);
            }
        }
        return body;
    }

    private static ObjectNode message(JsonNode body, String role) {
        ObjectNode message =
                JSON.createObjectNode().put("role", body.path("role").asString(role));
        ArrayNode calls = calls(body.get("tool_calls"));
        JsonNode content = body.path("content");
        if (content.isMissingNode() || content.isNull()) {
            if (calls.isEmpty()) {
                message.put("content", "");
            } else {
                message.putNull("content");
            }
        } else {
            message.set(
                    "content",
                    content.isString() || content.isArray()
                            ? content
                            : JSON.getNodeFactory().stringNode(content.toString()));
        }
        if (!calls.isEmpty()) {
            message.set("tool_calls", calls);
        }
        if (role.equals("tool")) {
            message.put("tool_call_id", body.path("id").asString(""));
        }
        return message;
    }

    private static ArrayNode calls(@Nullable JsonNode told) {
        ArrayNode calls = JSON.createArrayNode();
        for (JsonNode call : SpanMessages.document(told)) {
            calls.add(call.path("function").isObject() ? call : SpanMessages.call(call));
        }
        return calls;
    }
}
