package dev.hone.capture.gateway;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How an answer goes on to the client: bytes as they are, but for what the gateway alone asked for, or with the originals in the place of
 * tokens. Of one answer, on one thread.
 */
final class Passage {
    private static final byte[] BLANK_LINE = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final StreamEnd end = new StreamEnd();
    private final boolean events;
    private final @Nullable UsageEvents usage;
    private final @Nullable AnswerRestorer restorer;
    private final @Nullable EventRestorer eventRestorer;

    /** The last bytes that left. */
    private byte[] left = {};

    /**
     * @param type of the answer, as its server says
     * @param hidesUsage whether the client did not ask for the tokens of a stream
     * @param restorer null where nothing was taken out of the request
     */
    Passage(@Nullable String type, boolean hidesUsage, @Nullable AnswerRestorer restorer) {
        this.events = isEvents(type);
        this.usage = hidesUsage ? new UsageEvents() : null;
        this.restorer = restorer;
        this.eventRestorer = restorer != null && events ? new EventRestorer(restorer) : null;
    }

    /** Whether an answer of a type is a stream of server-sent events. */
    static boolean isEvents(@Nullable String type) {
        return type != null && type.toLowerCase(Locale.ROOT).startsWith("text/event-stream");
    }

    /** Whether it is a stream of server-sent events. */
    boolean isEvents() {
        return events;
    }

    /** Whether the line that ends a stream was seen: nothing that counts comes after it. */
    boolean isDone() {
        return end.isDone();
    }

    /** What may leave after a piece. */
    byte[] pass(byte[] piece, int length) {
        if (!events) {
            return new byte[0];
        }
        byte[] shown = usage == null ? piece : usage.pass(piece, length);
        byte[] may = restored(shown, usage == null ? length : shown.length);
        if (may.length > 0) {
            left = Arrays.copyOfRange(may, Math.max(0, may.length - BLANK_LINE.length), may.length);
        }
        return may;
    }

    private byte[] restored(byte[] piece, int length) {
        if (eventRestorer == null) {
            return end.pass(piece, length);
        }
        byte[] restored = eventRestorer.push(piece, length);
        return end.pass(restored, restored.length);
    }

    /**
     * What leaves of an answer that breaks off, before the client is told: the end of an event of which a part has left, so that what comes
     * next is one of its own, and what texts held back, as whole events.
     */
    byte[] broken() {
        byte[] tail = eventRestorer == null ? new byte[0] : eventRestorer.broken();
        String last = new String(left, StandardCharsets.US_ASCII);
        boolean over = last.isEmpty() || last.endsWith("\n\n") || last.endsWith("\r\r") || last.equals("\r\n\r\n");
        ByteArrayOutputStream broken = new ByteArrayOutputStream();
        broken.writeBytes(over ? new byte[0] : BLANK_LINE);
        broken.writeBytes(end.pass(tail, tail.length));
        return broken.toByteArray();
    }

    /** What leaves once the call is recorded. @param whole the answer, where it comes in no events */
    byte[] rest(byte[] whole) {
        if (!events) {
            return restorer == null ? whole : restorer.body(whole);
        }
        byte[] shown = usage == null ? new byte[0] : usage.end();
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        rest.writeBytes(restored(shown, shown.length));
        byte[] tail = eventRestorer == null ? new byte[0] : eventRestorer.end();
        rest.writeBytes(end.pass(tail, tail.length));
        rest.writeBytes(end.held());
        return rest.toByteArray();
    }
}
