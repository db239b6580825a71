package dev.hone.capture.gateway;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/** Whether an answer is what every path here answers with, a JSON object from its first byte to its last: a page for people, or half of one, is not. */
final class WholeObject {
    private static final int LONGEST_SHOWN = 50;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(10_000)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private WholeObject() {}

    /**
     * What an answer is that is none, as a sentence goes on after who said it.
     *
     * @param type that its server says it has
     * @param encoding in which it came, which nobody asked for
     */
    static String otherwise(byte[] answer, @Nullable String type, @Nullable String encoding) {
        String packed = encoding == null || encoding.equalsIgnoreCase("identity")
                ? ""
                : ", packed as [%s]".formatted(shown(encoding));
        String what = answer.length == 0
                ? "nothing"
                : packed.isEmpty() && beginsLikeOne(answer) ? "JSON that is not one whole object" : "what is no JSON";
        return "answered %s (%s%s, [%d] bytes)"
                .formatted(
                        what,
                        type == null ? "of no type" : "[%s]".formatted(shown(type.split(";", 2)[0].strip())),
                        packed,
                        answer.length);
    }

    private static boolean beginsLikeOne(byte[] answer) {
        int at = 0;
        while (at < answer.length && answer[at] <= ' ' && answer[at] >= 0) {
            at++;
        }
        return at < answer.length && answer[at] == '{';
    }

    /** Of what a server wrote, so much that it says nothing else. */
    private static String shown(String header) {
        return header.length() <= LONGEST_SHOWN ? header : header.substring(0, LONGEST_SHOWN) + "…";
    }

    static boolean is(byte[] answer) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), answer)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (JacksonException e) {
            return false;
        }
    }
}
