package dev.hone.capture.gateway;

import dev.hone.record.CallUsage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads from an answer how many tokens it says that it took. */
final class UsageReader {
    private static final byte[] USAGE = "\"usage\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DATA = "data:".getBytes(StandardCharsets.US_ASCII);

    private UsageReader() {}

    /** Of an answer as bytes: one JSON object, or events of which the last that speaks of usage counts. */
    static CallUsage find(byte[] answer) {
        int at = last(answer);
        if (at < 0) {
            return CallUsage.UNKNOWN;
        }
        int line = at;
        while (line > 0 && answer[line - 1] != '\n') {
            line--;
        }
        boolean event = begins(answer, line, DATA);
        int from = event ? line + DATA.length : 0;
        int to = event ? at : answer.length;
        while (to < answer.length && answer[to] != '\n') {
            to++;
        }
        try (JsonParser json = JsonMapper.shared().createParser(answer, from, to - from)) {
            return json.nextToken() == JsonToken.START_OBJECT ? read(json) : CallUsage.UNKNOWN;
        } catch (JacksonException e) {
            return CallUsage.UNKNOWN;
        }
    }

    /**
     * Where the last {@code "usage"} stands that says something, and not {@code null}. Within a text it would have a backslash before its
     * last quote.
     */
    private static int last(byte[] answer) {
        for (int at = answer.length - USAGE.length; at >= 0; at--) {
            if (answer[at] == '"' && begins(answer, at, USAGE) && !isNull(answer, at + USAGE.length)) {
                return at;
            }
        }
        return -1;
    }

    private static boolean isNull(byte[] answer, int from) {
        int at = from;
        while (at < answer.length && (answer[at] == ' ' || answer[at] == ':')) {
            at++;
        }
        return begins(answer, at, NULL);
    }

    private static boolean begins(byte[] bytes, int at, byte[] with) {
        return bytes.length - at >= with.length && Arrays.equals(bytes, at, at + with.length, with, 0, with.length);
    }

    /** Goes through the members of an object, and reads those that count: answers are long. */
    private static CallUsage read(JsonParser json) {
        CallUsage own = CallUsage.UNKNOWN;
        CallUsage inner = CallUsage.UNKNOWN;
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            boolean object = json.nextToken() == JsonToken.START_OBJECT;
            if (object && name.equals("usage")) {
                own = counts(json.readValueAsTree());
            } else if (object && name.equals("response")) {
                inner = read(json);
            } else {
                json.skipChildren();
            }
        }
        return own.equals(CallUsage.UNKNOWN) ? inner : own;
    }

    /** Of the member {@code usage} of chat, embeddings or responses; what is no count is unknown. */
    private static CallUsage counts(JsonNode usage) {
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
