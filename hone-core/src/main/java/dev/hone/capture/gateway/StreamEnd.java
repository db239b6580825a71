package dev.hone.capture.gateway;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Holds back the line that ends a stream of server-sent events, {@code data: [DONE]}, and what follows it, in whatever pieces they
 * come: once it has left, the answer is acknowledged. Everything before passes at once. Lines end with LF, CRLF or CR.
 */
final class StreamEnd {
    private static final byte[] DONE = "data: [DONE]".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DONE_TOGETHER = "data:[DONE]".getBytes(StandardCharsets.US_ASCII);

    /** Begins with the current line, where this may still become the last. */
    private byte[] held = {};

    /** Whether the current line is another one, of which something has left. */
    private boolean other;

    private boolean done;

    /** What may leave after the next piece. */
    byte[] pass(byte[] piece, int length) {
        int seen = held.length;
        byte[] all = Arrays.copyOf(held, seen + length);
        System.arraycopy(piece, 0, all, seen, length);
        int may = scan(all, seen);
        held = Arrays.copyOfRange(all, may, all.length);
        return Arrays.copyOf(all, may);
    }

    private int scan(byte[] all, int seen) {
        int may = 0;
        int line = 0;
        for (int i = seen; i < all.length && !done; i++) {
            boolean ends = all[i] == '\n' || all[i] == '\r';
            if (ends && !other && (is(DONE, all, line, i) || is(DONE_TOGETHER, all, line, i))) {
                done = true;
            } else if (ends) {
                line = i + 1;
                may = i + 1;
                other = false;
            } else if (other || !begins(DONE, all, line, i + 1) && !begins(DONE_TOGETHER, all, line, i + 1)) {
                other = true;
                may = i + 1;
            }
        }
        return may;
    }

    private static boolean is(byte[] wanted, byte[] all, int from, int to) {
        return Arrays.equals(wanted, 0, wanted.length, all, from, to);
    }

    private static boolean begins(byte[] wanted, byte[] all, int from, int to) {
        return to - from <= wanted.length && Arrays.equals(wanted, 0, to - from, all, from, to);
    }

    /** Whether the line was seen. */
    boolean isDone() {
        return done;
    }

    /** What is held back. */
    byte[] held() {
        return held;
    }
}
