package dev.hone.capture.gateway;

import dev.hone.record.CallUsage;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads from an answer how many tokens it says that it took. */
final class UsageReader {
    private UsageReader() {}

    /** Of an answer as bytes: one JSON object, or events of which the last that speaks of usage counts. */
    static CallUsage find(byte[] answer) {
        String text = new String(answer, StandardCharsets.UTF_8);
        int at = text.lastIndexOf("\"usage\"");
        if (at < 0) {
            return CallUsage.UNKNOWN;
        }
        int line = text.lastIndexOf('\n', at) + 1;
        boolean event = text.startsWith("data:", line);
        int end = event ? text.indexOf('\n', at) : text.length();
        try {
            return of(JsonMapper.shared()
                    .readTree(event ? text.substring(line + "data:".length(), end < 0 ? text.length() : end) : text));
        } catch (JacksonException e) {
            return CallUsage.UNKNOWN;
        }
    }

    /** The member {@code usage} of an answer, of chat, embeddings or responses; what is no count is unknown. */
    static CallUsage of(JsonNode answer) {
        JsonNode usage = answer.path("usage");
        if (!usage.isObject()) {
            usage = answer.path("response").path("usage");
        }
        JsonNode prompt = usage.has("prompt_tokens") ? usage.path("prompt_tokens") : usage.path("input_tokens");
        JsonNode completion =
                usage.has("completion_tokens") ? usage.path("completion_tokens") : usage.path("output_tokens");
        JsonNode details = usage.has("prompt_tokens_details")
                ? usage.path("prompt_tokens_details")
                : usage.path("input_tokens_details");
        return new CallUsage(count(prompt), count(details.path("cached_tokens")), count(completion));
    }

    private static @Nullable Long count(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToLong() ? CallUsage.count(node.longValue()) : null;
    }
}
