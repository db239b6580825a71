package dev.hone.record;

import java.util.List;

/**
 * One turn of a conversation.
 *
 * @param role {@code system}, {@code user}, {@code assistant}, {@code tool}, …
 * @param content text; empty when the turn is only tool calls
 * @param toolCalls calls that the assistant made
 * @param toolCallId of the call that a {@code tool} message answers; empty otherwise
 * @param name of the tool that a {@code tool} message speaks for; empty otherwise
 */
public record ChatMessage(String role, String content, List<ToolCall> toolCalls, String toolCallId, String name) {
    public ChatMessage {
        toolCalls = List.copyOf(toolCalls);
    }

    public static ChatMessage of(String role, String content) {
        return new ChatMessage(role, content, List.of(), "", "");
    }
}
