package dev.hone.record;

/**
 * A definition of good as data. Made by whoever judges; kept by the store.
 *
 * @param name as its use case calls it
 * @param kind of grader, such as {@code tool_call}
 * @param definition what the kind needs to know, as a JSON object
 */
public record StoredGrader(String name, String kind, String definition) {}
