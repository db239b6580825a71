package dev.hone.capture.gateway;

import java.io.ByteArrayOutputStream;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How an answer goes on to the client: bytes as they are, but for what the gateway alone asked for, or with the originals in the place of
 * tokens. Of one answer, on one thread.
 */
final class Passage {
    private final StreamEnd end = new StreamEnd();
    private final boolean events;
    private final @Nullable UsageEvents usage;
    private final @Nullable AnswerRestorer restorer;
    private final @Nullable EventRestorer eventRestorer;

    /**
     * @param type of the answer, as its server says
     * @param hidesUsage whether the client did not ask for the tokens of a stream
     * @param restorer null where nothing was taken out of the request
     */
    Passage(@Nullable String type, boolean hidesUsage, @Nullable AnswerRestorer restorer) {
        this.events = type != null && type.toLowerCase(Locale.ROOT).startsWith("text/event-stream");
        this.usage = hidesUsage ? new UsageEvents() : null;
        this.restorer = restorer;
        this.eventRestorer = restorer != null && events ? new EventRestorer(restorer) : null;
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
        if (usage == null) {
            return restored(piece, length);
        }
        byte[] shown = usage.pass(piece, length);
        return restored(shown, shown.length);
    }

    private byte[] restored(byte[] piece, int length) {
        if (eventRestorer == null) {
            return end.pass(piece, length);
        }
        byte[] restored = eventRestorer.push(piece, length);
        return end.pass(restored, restored.length);
    }

    /** What leaves once the call is recorded. @param all of the answer */
    byte[] rest(Supplier<byte[]> all) {
        if (!events) {
            return restorer == null ? all.get() : restorer.body(all.get());
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
