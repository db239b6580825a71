package dev.hone.load;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads one HTTP answer after the other from a connection, in whatever pieces they come; keeps of a body what it is told to. */
final class AnswerReader {
    private static final byte[] DONE = "data: [DONE]\n".getBytes(StandardCharsets.US_ASCII);
    private static final int MOST_HEAD_BYTES = 64 << 10;

    private enum At {
        HEAD,
        BODY,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END,
        LAST_LINE,
        UNTIL_CLOSED,
        END
    }

    private final boolean keep;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private byte[] head = new byte[1024];
    private int headLength;
    private String fields = "";
    private At at = At.HEAD;
    private long left;
    private int lineLength;
    private int status;
    private int matched;
    private boolean done;

    AnswerReader(boolean keep) {
        this.keep = keep;
    }

    /** For the next answer. */
    void reset() {
        headLength = 0;
        at = At.HEAD;
        left = 0;
        lineLength = 0;
        status = 0;
        matched = 0;
        done = false;
        body.reset();
    }

    /** @return whether the answer has ended */
    boolean read(ByteBuffer in) {
        while (in.hasRemaining() && at != At.END) {
            switch (at) {
                case HEAD -> head(in.get());
                case BODY -> {
                    take(in, left);
                    if (left == 0) {
                        at = At.END;
                    }
                }
                case CHUNK_SIZE -> size(in.get());
                case CHUNK -> {
                    take(in, left);
                    if (left == 0) {
                        at = At.CHUNK_END;
                    }
                }
                case CHUNK_END -> {
                    if (in.get() == '\n') {
                        at = At.CHUNK_SIZE;
                        left = 0;
                    }
                }
                case LAST_LINE -> {
                    byte one = in.get();
                    if (one == '\n') {
                        if (lineLength == 0) {
                            at = At.END;
                        }
                        lineLength = 0;
                    } else if (one != '\r') {
                        lineLength++;
                    }
                }
                case UNTIL_CLOSED -> take(in, Long.MAX_VALUE);
                case END -> {}
            }
        }
        return at == At.END;
    }

    /** The connection has ended. @return whether the answer had, too */
    boolean ended() {
        return at == At.END || at == At.UNTIL_CLOSED;
    }

    /** Whether something of an answer was read. */
    boolean begun() {
        return headLength > 0;
    }

    private void head(byte one) {
        if (headLength == head.length) {
            if (headLength >= MOST_HEAD_BYTES) {
                throw new IllegalStateException("The head of an answer does not end");
            }
            head = Arrays.copyOf(head, 2 * headLength);
        }
        head[headLength++] = one;
        int n = headLength;
        if (one == '\n' && n >= 4 && head[n - 2] == '\r' && head[n - 3] == '\n' && head[n - 4] == '\r') {
            String text = new String(head, 0, n, StandardCharsets.ISO_8859_1);
            fields = text;
            status = Integer.parseInt(text, 9, 12, 10);
            String length = field("content-length");
            String encoding = field("transfer-encoding");
            if (encoding != null && encoding.toLowerCase(Locale.ROOT).contains("chunked")) {
                at = At.CHUNK_SIZE;
            } else if (length != null) {
                left = Long.parseLong(length);
                at = left == 0 ? At.END : At.BODY;
            } else {
                at = status == 204 || status == 304 ? At.END : At.UNTIL_CLOSED;
            }
        }
    }

    private void size(byte one) {
        if (one == '\n') {
            at = left == 0 ? At.LAST_LINE : At.CHUNK;
            lineLength = 0;
        } else if (one != '\r') {
            left = left * 16 + Character.digit(one, 16);
        }
    }

    private void take(ByteBuffer in, long most) {
        int count = (int) Math.min(in.remaining(), most);
        for (int i = 0; i < count; i++) {
            byte one = in.get(in.position() + i);
            matched = one == DONE[matched] ? matched + 1 : one == DONE[0] ? 1 : 0;
            if (matched == DONE.length) {
                done = true;
                matched = 0;
            }
            if (keep) {
                body.write(one);
            }
        }
        in.position(in.position() + count);
        left -= count;
    }

    int status() {
        return status;
    }

    /** Whether the line that ends a stream was read. */
    boolean done() {
        return done;
    }

    String body() {
        return body.toString(StandardCharsets.UTF_8);
    }

    /** @param name in small letters */
    @Nullable
    String field(String name) {
        String wanted = "\r\n" + name + ":";
        int at = indexIgnoringCase(fields, wanted);
        return at < 0
                ? null
                : fields.substring(at + wanted.length(), fields.indexOf('\r', at + 2))
                        .strip();
    }

    private static int indexIgnoringCase(String text, String wanted) {
        for (int i = 0; i + wanted.length() <= text.length(); i++) {
            if (text.charAt(i) == '\r' && text.regionMatches(true, i, wanted, 0, wanted.length())) {
                return i;
            }
        }
        return -1;
    }
}
