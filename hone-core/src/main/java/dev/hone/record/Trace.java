package dev.hone.record;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One recorded model call. Made by {@code hone import} from a row of a file; read by {@code hone tasks build}.
 *
 * @param id of version 7
 * @param externalId what the product calls it; empty when it has no name there
 * @param request the turns before the answer and the tools that they offer, as JSON in OpenAI's form
 * @param response what production answered, as an assistant's message in OpenAI's form; empty when not recorded
 * @param metadata what a grader or a split needs beside, by name
 * @param occurred when the product made the call; null when not recorded
 * @param contentHash SHA-256 over everything above but the id, in hexadecimal: the same content is the same trace
 * @param source name of the file that it came from
 * @param line where it stands there, from 1
 */
public record Trace(
        UUID id,
        String externalId,
        String request,
        String response,
        Map<String, String> metadata,
        @Nullable Instant occurred,
        String contentHash,
        String source,
        int line) {
    public Trace {
        metadata = Map.copyOf(metadata);
    }
}
