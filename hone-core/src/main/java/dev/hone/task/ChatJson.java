package dev.hone.task;

import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.ToolCall;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Conversations as JSON in OpenAI's form, each in one way only: equal conversations have equal text. */
public final class ChatJson {
    private static final JsonMapper JSON = JsonMapper.shared();

    private ChatJson() {}

    public static ObjectNode of(Conversation conversation) {
        ObjectNode object = JSON.createObjectNode();
        ArrayNode messages = object.putArray("messages");
        conversation.messages().forEach(message -> messages.add(of(message)));
        if (!conversation.tools().isEmpty()) {
            ArrayNode tools = object.putArray("tools");
            conversation.tools().forEach(tool -> tools.add(JSON.readTree(tool)));
        }
        return object;
    }

    /** An assistant's message. */
    public static ObjectNode assistant(ChatMessage message) {
        return of(message);
    }

    static ObjectNode of(ChatMessage message) {
        ObjectNode object = JSON.createObjectNode().put("role", message.role());
        if (message.content().isEmpty() && !message.toolCalls().isEmpty()) {
            object.putNull("content");
        } else {
            object.put("content", message.content());
        }
        if (!message.toolCalls().isEmpty()) {
            ArrayNode calls = object.putArray("tool_calls");
            for (ToolCall call : message.toolCalls()) {
                ObjectNode made = calls.addObject();
                if (!call.id().isEmpty()) {
                    made.put("id", call.id());
                }
                made.put("type", "function")
                        .putObject("function")
                        .put("name", call.name())
                        .put("arguments", call.arguments());
            }
        }
        if (!message.toolCallId().isEmpty()) {
            object.put("tool_call_id", message.toolCallId());
        }
        if (!message.name().isEmpty()) {
            object.put("name", message.name());
        }
        return object;
    }

    /** What {@link #of(Conversation)} wrote. */
    static Conversation conversation(String text) {
        JsonNode object = JSON.readTree(text);
        List<ChatMessage> messages = new ArrayList<>();
        for (JsonNode message : object.path("messages")) {
            messages.add(ChatFile.message(message, messages.size()));
        }
        return new Conversation(messages, ChatFile.tools(object));
    }

    /** What {@link #of(ChatMessage)} wrote. */
    static ChatMessage message(String text) {
        return ChatFile.message(JSON.readTree(text), 0);
    }
}
