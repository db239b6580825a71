package dev.hone.api;

import dev.hone.record.ChatMessage;
import dev.hone.record.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the messages of a request. */
final class MessageReader {
    private static final String NAME = "messages";

    private MessageReader() {}

    static List<ChatMessage> read(Fields request) {
        request.require(NAME);
        List<JsonNode> list = request.list(NAME);
        if (list.isEmpty()) {
            throw Refusal.value(NAME, "messages must have at least one message");
        }
        List<ChatMessage> messages = new ArrayList<>();
        for (JsonNode message : list) {
            messages.add(message(new Fields(message, "messages[%d]".formatted(messages.size()))));
        }
        return messages;
    }

    private static ChatMessage message(Fields fields) {
        String role = fields.requireText("role");
        ChatMessage message = switch (role) {
            case "system", "developer" -> turn("system", requireContent(fields), fields);
            case "user" -> turn("user", requireContent(fields), fields);
            case "assistant" -> assistant(fields);
            case "tool" ->
                new ChatMessage(
                        role, requireContent(fields), List.of(), fields.requireText("tool_call_id"), name(fields));
            default ->
                throw Refusal.value(
                        fields.place("role"),
                        "%s must be system, developer, user, assistant or tool, not [%s]"
                                .formatted(fields.place("role"), role));
        };
        fields.requireAllKnown();
        return message;
    }

    private static ChatMessage turn(String role, String content, Fields fields) {
        return new ChatMessage(role, content, List.of(), "", name(fields));
    }

    private static ChatMessage assistant(Fields fields) {
        List<ToolCall> calls = new ArrayList<>();
        for (JsonNode call : fields.list("tool_calls")) {
            calls.add(call(new Fields(call, fields.place("tool_calls[%d]".formatted(calls.size())))));
        }
        String content = content(fields);
        if (content == null && calls.isEmpty()) {
            throw Refusal.of(
                    400,
                    fields.place("content"),
                    "missing_required_parameter",
                    "%s is missing, and there are no tool_calls".formatted(fields.place("content")));
        }
        // Why an earlier answer was as it was.
        fields.ignore(Set.of("refusal"));
        return new ChatMessage("assistant", content == null ? "" : content, calls, "", name(fields));
    }

    private static ToolCall call(Fields fields) {
        String id = fields.requireText("id");
        String type = fields.text("type");
        if (type != null && !type.equals("function")) {
            throw Refusal.value(fields.place("type"), "%s must be function".formatted(fields.place("type")));
        }
        Fields function = new Fields(fields.require("function"), fields.place("function"));
        String name = function.requireText("name");
        String arguments = function.requireText("arguments");
        if (!isObject(arguments)) {
            throw Refusal.value(
                    function.place("arguments"),
                    "%s must be the text of a JSON object".formatted(function.place("arguments")));
        }
        function.requireAllKnown();
        fields.ignore(Set.of("index"));
        fields.requireAllKnown();
        return new ToolCall(id, name, arguments);
    }

    private static boolean isObject(String text) {
        try {
            return JsonMapper.shared().readTree(text).isObject();
        } catch (JacksonException e) {
            return false;
        }
    }

    private static String name(Fields fields) {
        String name = fields.text("name");
        return name == null ? "" : name;
    }

    private static String requireContent(Fields fields) {
        fields.require("content");
        return String.valueOf(content(fields));
    }

    private static @Nullable String content(Fields fields) {
        JsonNode content = fields.get("content");
        if (content == null || content.isString()) {
            return content == null ? null : content.stringValue();
        }
        StringBuilder text = new StringBuilder();
        int index = 0;
        for (JsonNode part : fields.list("content")) {
            Fields inner = new Fields(part, fields.place("content[%d]".formatted(index++)));
            String type = inner.requireText("type");
            if (!type.equals("text")) {
                throw Refusal.unsupported(
                        inner.place("type"),
                        "%s is [%s]: this server's models read text alone".formatted(inner.place("type"), type));
            }
            text.append(inner.requireText("text"));
            inner.requireAllKnown();
        }
        return text.toString();
    }
}
