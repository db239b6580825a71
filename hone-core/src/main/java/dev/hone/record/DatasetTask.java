package dev.hone.record;

import java.util.Map;
import java.util.UUID;

/**
 * A task in its place in a dataset. Made by {@code hone tasks build}; exported for training and evaluation.
 *
 * @param trace what it was made from
 * @param position in its split, from 0
 * @param input the turns before the answer and the tools that they offer, as JSON in OpenAI's form
 * @param reference the right answer, as an assistant's message in OpenAI's form
 * @param contentHash SHA-256 over input, reference and metadata, in hexadecimal
 */
public record DatasetTask(
        UUID trace,
        Split split,
        int position,
        String input,
        String reference,
        Map<String, String> metadata,
        String contentHash) {
    public DatasetTask {
        metadata = Map.copyOf(metadata);
    }
}
