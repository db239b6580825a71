package dev.hone.record;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One recorded model call. Made by {@code hone import} from a row of a file, or of a call that passed; read by {@code hone tasks build}.
 *
 * @param id of version 7
 * @param externalId what the product calls it; empty when it has no name there
 * @param request the turns before the answer and the tools that they offer, as JSON in OpenAI's form; of a call that passed, all that the product sent
 * @param response what production answered, as an assistant's message in OpenAI's form; of a call that passed, as its server wrote it; empty when
 *     not recorded
 * @param metadata what a grader or a split needs beside, by name
 * @param occurred when the product made the call; null when not recorded
 * @param contentHash SHA-256 over everything above but the id, in hexadecimal: the same content is the same trace; empty for a call that passed
 * @param source name of the file that it came from; empty for a call that passed
 * @param line where it stands there, from 1; 0 for a call that passed
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
