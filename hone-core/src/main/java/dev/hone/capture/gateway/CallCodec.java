package dev.hone.capture.gateway;

import dev.hone.record.CapturedCall;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Calls as the records of a journal: kind, length of the facts, facts as JSON, length of the request, request, response. */
public final class CallCodec {
    private static final byte KIND = 'c';

    private CallCodec() {}

    public static byte[] encode(CapturedCall call) {
        byte[] facts = JsonMapper.shared().writeValueAsBytes(call.facts());
        return ByteBuffer.allocate(
                        1 + 2 * Integer.BYTES + facts.length + call.request().length + call.response().length)
                .put(KIND)
                .putInt(facts.length)
                .put(facts)
                .putInt(call.request().length)
                .put(call.request())
                .put(call.response())
                .array();
    }

    /** @throws IllegalArgumentException when these are no such bytes */
    public static CapturedCall decode(byte[] bytes) {
        return read(
                bytes,
                buffer -> new CapturedCall(
                        facts(buffer), part(buffer, buffer.getInt()), part(buffer, buffer.remaining())));
    }

    /**
     * What is known of a call, without what it says.
     *
     * @throws IllegalArgumentException when these are no such bytes
     */
    public static CapturedCall.Facts facts(byte[] bytes) {
        return read(bytes, CallCodec::facts);
    }

    private static <T> T read(byte[] bytes, Function<ByteBuffer, T> reading) {
        try {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            if (buffer.get() != KIND) {
                throw new IllegalArgumentException("The record is no call");
            }
            return reading.apply(buffer);
        } catch (BufferUnderflowException | JacksonException e) {
            throw new IllegalArgumentException("The record of a call is damaged: " + e.getMessage(), e);
        }
    }

    private static CapturedCall.Facts facts(ByteBuffer buffer) {
        return JsonMapper.shared().readValue(part(buffer, buffer.getInt()), CapturedCall.Facts.class);
    }

    private static byte[] part(ByteBuffer buffer, int length) {
        if (length < 0 || length > buffer.remaining()) {
            throw new IllegalArgumentException("The record of a call is cut short");
        }
        byte[] part = new byte[length];
        buffer.get(part);
        return part;
    }
}
