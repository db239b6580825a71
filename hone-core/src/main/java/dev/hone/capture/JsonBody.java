package dev.hone.capture;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with the body of a request that should be JSON. Between machines that is UTF-8 (RFC 8259), without a byte order mark: a parser
 * that guesses another encoding from zeros would count offsets in that, and one that is lenient would let two writings of one name pass.
 */
public final class JsonBody {
    private static final String MUST = "The body must be JSON in UTF-8";
    private static final byte[] MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};
    private static final int CHARACTERS_AT_ONCE = 8 << 10;

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

    private static String hexadecimal(byte[] body, int from, int length) {
        return HexFormat.ofDelimiter(" ").withUpperCase().formatHex(body, from, Math.min(from + length, body.length));
    }
}
