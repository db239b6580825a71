package dev.hone.capture.gateway;

import dev.hone.record.CallUsage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a call may have taken of a server that did not say: a token for every two bytes, which is rather too much than too little (a word
 * of English has four a token). For budgets alone.
 */
final class TokenEstimate {
    static final int BYTES_OF_A_TOKEN = 2;

    /** Of a picture, however many bytes it has: more than servers count for a large one. */
    static final int TOKENS_OF_A_PICTURE = 2_000;

    private static final byte[] BASE64 = ";base64,".getBytes(StandardCharsets.US_ASCII);
    private static final String DATA = "data:";

    /** Characters of a {@code data:} URL before its content. */
    private static final int LONGEST_TYPE = 200;

    /** Members of events that have pieces of the answer. */
    private static final Set<String> PIECES = Set.of("delta", "text");

    private TokenEstimate() {}

    /** @param answer as much of it as there was: events, or a whole */
    static CallUsage of(byte[] request, byte[] answer) {
        return new CallUsage(prompt(request), null, completion(answer));
    }

    private static long prompt(byte[] request) {
        long tokens = 0;
        int from = 0;
        for (int at = 0; at < request.length; at++) {
            if (request[at] == ';' && begins(request, at) && isData(request, at)) {
                int to = at + BASE64.length;
                while (to < request.length && isBase64(request[to])) {
                    to++;
                }
                tokens += tokens(at - from) + Math.min(TOKENS_OF_A_PICTURE, tokens(to - at));
                from = to;
                at = to - 1;
            }
        }
        return tokens + tokens(request.length - from);
    }

    private static boolean begins(byte[] bytes, int at) {
        return bytes.length - at >= BASE64.length
                && Arrays.equals(bytes, at, at + BASE64.length, BASE64, 0, BASE64.length);
    }

    /** Whether what stands before, in the same text, begins a {@code data:} URL. */
    private static boolean isData(byte[] bytes, int at) {
        int from = at;
        while (from > 0 && at - from < LONGEST_TYPE && bytes[from - 1] != '"') {
            from--;
        }
        return new String(bytes, from, at - from, StandardCharsets.ISO_8859_1).startsWith(DATA);
    }

    /** Also with the backslash that JSON may have before a slash. */
    private static boolean isBase64(byte one) {
        return one >= 'A' && one <= 'Z'
                || one >= 'a' && one <= 'z'
                || one >= '0' && one <= '9'
                || "+/=-_\\".indexOf(one) >= 0;
    }

    private static long tokens(long bytes) {
        return (bytes + BYTES_OF_A_TOKEN - 1) / BYTES_OF_A_TOKEN;
    }

    private static long completion(byte[] answer) {
        String text = new String(answer, StandardCharsets.UTF_8);
        boolean events = text.startsWith(DATA) || text.contains("\n" + DATA);
        return events
                ? text.lines()
                        .filter(line -> line.startsWith(DATA))
                        .mapToLong(line -> tokens(pieces(line.substring(DATA.length()))))
                        .sum()
                : tokens(answer.length);
    }

    /** Bytes of the answer in an event, without what is around it. */
    private static long pieces(String event) {
        long bytes = 0;
        try (JsonParser json = JsonMapper.shared().createParser(event)) {
            int depth = 0;
            int inside = Integer.MAX_VALUE;
            String name = "";
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                switch (token) {
                    case PROPERTY_NAME -> name = json.currentName();
                    case START_OBJECT, START_ARRAY -> {
                        depth++;
                        inside = PIECES.contains(name) ? Math.min(inside, depth) : inside;
                    }
                    case END_OBJECT, END_ARRAY -> {
                        depth--;
                        name = "";
                        inside = depth < inside ? Integer.MAX_VALUE : inside;
                    }
                    case VALUE_STRING ->
                        bytes += depth >= inside || PIECES.contains(name)
                                ? json.getString().getBytes(StandardCharsets.UTF_8).length
                                : 0;
                    default -> {}
                }
            }
        } catch (JacksonException e) {
            // The line that ends the stream, or one that was cut off: what it had before that counts.
        }
        return bytes;
    }
}
