package dev.hone.record;

import java.util.List;

/**
 * The turns of a chat and the tools that it offers.
 *
 * @param messages turns in order
 * @param tools each a JSON object as text, in OpenAI's form ({@code {"type":"function","function":{…}}})
 */
public record Conversation(List<ChatMessage> messages, List<String> tools) {
    public Conversation {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
    }

    public static Conversation of(ChatMessage... messages) {
        return new Conversation(List.of(messages), List.of());
    }

    /** Text of the last user turn; empty where there is none. */
    public String question() {
        return messages.reversed().stream()
                .filter(message -> message.role().equals("user"))
                .findFirst()
                .map(ChatMessage::content)
                .orElse("");
    }
}
