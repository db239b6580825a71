package dev.hone.record;

/**
 * A model's call of a tool.
 *
 * @param id identifies the call in its conversation; may be empty
 * @param name of the function
 * @param arguments a JSON object, as text
 */
public record ToolCall(String id, String name, String arguments) {}
