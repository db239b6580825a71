package dev.hone.capture;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

/**
 * What is wrong with the body of a request that should be JSON. Between machines that is UTF-8 (RFC 8259), without a byte order mark: a parser
 * that guesses another encoding from zeros would count offsets in that, and one that is lenient would let two writings of one name pass.
 */
public final class JsonBody {
    private static final String MUST = "The body must be JSON in UTF-8";
    private static final byte[] MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};
    private static final int CHARACTERS_AT_ONCE = 8 << 10;
    private static final int LONGEST_SHOWN = 100;

    /** Where a parser's words begin to be about itself. */
    private static final List<String> INSIDE = List.of("`", "[Source", "Feature");

    /** With which a parser's words begin where a value is one of no kind: NaN, for instance. */
    private static final List<String> VALUES = List.of("Non-standard token", "Unrecognized token");

    private JsonBody() {}

    /** In words that say where, by the offset of a byte; null where it is UTF-8. Overlong forms and surrogates are not. */
    public static @Nullable String encodingFlaw(byte[] body) {
        for (int i = 0; i < body.length; i++) {
            if (body[i] == 0) {
                return MUST + ": byte [%d] is zero, as in UTF-16 or UTF-32".formatted(i);
            }
        }
        if (body.length >= MARK.length && Arrays.equals(body, 0, MARK.length, MARK, 0, MARK.length)) {
            return MUST + ", and without a byte order mark: bytes [0] to [2] are one";
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer bytes = ByteBuffer.wrap(body);
        CharBuffer characters = CharBuffer.allocate(Math.clamp(body.length, 2, CHARACTERS_AT_ONCE));
        CoderResult result;
        do {
            characters.clear();
            result = decoder.decode(bytes, characters, true);
        } while (result.isOverflow());
        return result.isError()
                ? MUST
                        + ": at byte [%d] stands [%s], which is no character"
                                .formatted(bytes.position(), hexadecimal(body, bytes.position(), result.length()))
                : null;
    }

    /**
     * What is wrong.
     *
     * @param place of the value, as {@code messages[0].content}; null where it is none in particular
     */
    public record Flaw(@Nullable String place, String message) {}

    /**
     * Why it could not be read: it is read once more, to where that is.
     *
     * @param factory by whose bounds it was read
     */
    public static Flaw flaw(JsonFactory factory, byte[] body) {
        try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), body)) {
            try {
                parser.nextToken();
                parser.skipChildren();
                boolean more = parser.nextToken() != null;
                return new Flaw(
                        null,
                        more
                                ? "The body goes on after its JSON, before byte [%d]".formatted(offset(parser))
                                : "The body has a value that cannot be read");
            } catch (StreamConstraintsException e) {
                return beyond(parser, body, String.valueOf(e.getOriginalMessage()));
            } catch (JacksonException e) {
                String message = String.valueOf(e.getOriginalMessage());
                String place = VALUES.stream().anyMatch(message::startsWith) ? place(parser.streamReadContext()) : null;
                return new Flaw(
                        place,
                        (place == null ? "The body" : "[%s]".formatted(place)) + " is no JSON" + why(parser, message));
            }
        }
    }

    private static long offset(JsonParser parser) {
        return parser.currentLocation().getByteOffset();
    }

    private static String why(JsonParser parser, String message) {
        if (message.startsWith("Unexpected end-of-input")) {
            return ": it ends at byte [%d], and its JSON does not".formatted(offset(parser));
        }
        String plain = plain(message);
        return " near byte [%d]%s".formatted(offset(parser), plain.isEmpty() ? "" : ": " + plain);
    }

    /** Of a value that has more than it may of something. */
    private static Flaw beyond(JsonParser parser, byte[] body, String message) {
        TokenStreamContext at = parser.streamReadContext();
        StreamReadConstraints most = parser.streamReadConstraints();
        if (message.contains("nesting depth")) {
            String place = outermost(at);
            return new Flaw(place, "[%s] is deeper than [%d] levels".formatted(place, most.getMaxNestingDepth()));
        }
        if (message.startsWith("Name")) {
            // Its own is not known to the parser before it is read.
            String inside = place(at.getParent());
            String place = inside == null ? longName(body, most.getMaxNameLength()) : inside;
            return new Flaw(
                    place,
                    inside == null
                            ? "The body has a name that is too long, [%s]: it may have [%d] characters"
                                    .formatted(place, most.getMaxNameLength())
                            : "[%s] has a name that is too long: it may have [%d] characters"
                                    .formatted(place, most.getMaxNameLength()));
        }
        String place = place(at);
        return new Flaw(
                place,
                message.startsWith("Number")
                        ? "[%s] is a number that is too long: it may have [%d] digits"
                                .formatted(place, most.getMaxNumberLength())
                        : message.startsWith("String")
                                ? "[%s] is a text that is too long: it may have [%d] characters"
                                        .formatted(place, most.getMaxStringLength())
                                : "[%s] is more than can be read".formatted(place));
    }

    /** How the first text begins that has more bytes than a name may have, and is one. */
    private static @Nullable String longName(byte[] body, int most) {
        int from = -1;
        for (int at = 0; at < body.length; at++) {
            if (from >= 0 && body[at] == '\\') {
                at++;
            } else if (body[at] == '"') {
                if (from >= 0 && at - from > most && isName(body, at + 1)) {
                    int shown = Math.min(at - from, 4 * LONGEST_SHOWN);
                    return shown(new String(body, from, shown, StandardCharsets.UTF_8));
                }
                from = from < 0 ? at + 1 : -1;
            }
        }
        return null;
    }

    private static boolean isName(byte[] body, int behind) {
        int at = behind;
        while (at < body.length && body[at] >= 0 && body[at] <= ' ') {
            at++;
        }
        return at < body.length && body[at] == ':';
    }

    /** The member of the body that has it. */
    private static String outermost(TokenStreamContext inner) {
        String found = "";
        for (TokenStreamContext at = inner; at != null; at = at.getParent()) {
            String segment = segment(at);
            found = segment.isEmpty() ? found : segment;
        }
        return found;
    }

    private static @Nullable String place(@Nullable TokenStreamContext inner) {
        StringBuilder place = new StringBuilder();
        for (TokenStreamContext at = inner; at != null; at = at.getParent()) {
            boolean follows = !place.isEmpty() && place.charAt(0) != '[';
            String segment = segment(at);
            place.insert(0, segment + (follows && !segment.isEmpty() ? "." : ""));
        }
        return place.isEmpty() ? null : shown(place.toString());
    }

    private static String segment(TokenStreamContext at) {
        String name = at.inObject() ? at.currentName() : null;
        return name != null ? shown(name) : at.inArray() ? "[%d]".formatted(at.getCurrentIndex()) : "";
    }

    private static String shown(String text) {
        return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "…";
    }

    /** A parser's words, as far as they are about the text, and not about how the parser could be told to be lenient. */
    private static String plain(String message) {
        int end = message.length();
        for (String inside : INSIDE) {
            int at = message.indexOf(inside);
            end = at < 0 ? end : Math.min(end, at);
        }
        if (end == message.length()) {
            return message;
        }
        int whole = Math.max(message.lastIndexOf(':', end), message.lastIndexOf('(', end));
        return whole < 0 ? "" : message.substring(0, whole).strip();
    }

    private static String hexadecimal(byte[] body, int from, int length) {
        return HexFormat.ofDelimiter(" ").withUpperCase().formatHex(body, from, Math.min(from + length, body.length));
    }
}
