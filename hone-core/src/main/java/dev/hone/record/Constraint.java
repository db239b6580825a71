package dev.hone.record;

import java.util.List;

/** What a sample may be. Made by whoever asks for one; obeyed by the sampler, token by token. */
public sealed interface Constraint {
    /** Anything. */
    record None() implements Constraint {}

    /**
     * The JSON text of a value.
     *
     * @param schema a JSON Schema
     */
    record Schema(String schema) implements Constraint {}

    /**
     * A call of one of some tools: {@code {"name": …, "arguments": {…}}}.
     *
     * @param tools each a JSON object as text, in OpenAI's form
     */
    record Call(List<String> tools) implements Constraint {
        public Call {
            tools = List.copyOf(tools);
        }
    }
}
