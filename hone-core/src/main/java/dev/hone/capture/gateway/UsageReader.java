package dev.hone.capture.gateway;

import dev.hone.record.CallUsage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/** Reads from an answer how many tokens it says that it took. */
final class UsageReader {
    private static final byte[] USAGE = "\"usage\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DATA = "data:".getBytes(StandardCharsets.US_ASCII);

    /** What the counts are called. */
    private record Names(String prompt, String cached, String completion) {}

    private static final Names CHAT =
            new Names("prompt_tokens", "prompt_tokens_details.cached_tokens", "completion_tokens");
    private static final Names RESPONSE =
            new Names("input_tokens", "input_tokens_details.cached_tokens", "output_tokens");
    private static final Set<String> KNOWN = Set.of(
            CHAT.prompt(),
            CHAT.cached(),
            CHAT.completion(),
            RESPONSE.prompt(),
            RESPONSE.cached(),
            RESPONSE.completion());
    private static final Set<String> DETAILS = Set.of("prompt_tokens_details", "input_tokens_details");

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
                own = counts(json);
            } else if (object && name.equals("response")) {
                inner = read(json);
            } else {
                json.skipChildren();
            }
        }
        return own.equals(CallUsage.UNKNOWN) ? inner : own;
    }

    /** Of the member {@code usage} of chat, embeddings or responses, whatever else it has; what is no count is unknown. */
    private static CallUsage counts(JsonParser usage) {
        Map<String, Long> counts = new HashMap<>();
        while (usage.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = usage.currentName();
            JsonToken value = usage.nextToken();
            if (DETAILS.contains(name) && value == JsonToken.START_OBJECT) {
                while (usage.nextToken() == JsonToken.PROPERTY_NAME) {
                    String detail = usage.currentName();
                    usage.nextToken();
                    put(counts, name + "." + detail, usage);
                }
            } else {
                put(counts, name, usage);
            }
        }
        boolean chat = counts.containsKey(CHAT.prompt());
        boolean completion = counts.containsKey(CHAT.completion());
        boolean cached = counts.containsKey(CHAT.cached());
        return new CallUsage(
                counts.get(chat ? CHAT.prompt() : RESPONSE.prompt()),
                counts.get(cached ? CHAT.cached() : RESPONSE.cached()),
                counts.get(completion ? CHAT.completion() : RESPONSE.completion()));
    }

    private static void put(Map<String, Long> counts, String name, JsonParser json) {
        boolean whole = json.currentToken() == JsonToken.VALUE_NUMBER_INT
                && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
        Long count = whole && KNOWN.contains(name) ? CallUsage.count(json.getLongValue()) : null;
        if (count != null) {
            counts.put(name, count);
        }
        json.skipChildren();
    }
}
