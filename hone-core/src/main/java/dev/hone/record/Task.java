package dev.hone.record;

import java.util.Map;

/**
 * One gradable item. Made by {@code task} from traces or public data; answered by a model or another contender, judged by a
 * {@link Grader}.
 *
 * @param id unique in its dataset
 * @param input the turns before the answer, and the tools that they offer
 * @param reference one right answer, as a model should write it; empty when only a grader knows
 * @param metadata what a grader or a split needs beside, by name
 */
public record Task(String id, Conversation input, String reference, Map<String, String> metadata) {
    public Task {
        metadata = Map.copyOf(metadata);
    }

    /** Text of the last user turn. */
    public String question() {
        return input.question();
    }

    /** The same with another right answer. */
    public Task withReference(String answer) {
        return new Task(id, input, answer, metadata);
    }

    /** A metadatum that must be there. */
    public String require(String name) {
        String value = metadata.get(name);
        if (value == null) {
            throw new IllegalArgumentException("Task [%s] has no metadatum [%s]".formatted(id, name));
        }
        return value;
    }
}
