package dev.hone.capture.gateway;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A call that passed, as it stands in the journal. Made by {@link GatewayHandler} before the last byte of the answer leaves.
 *
 * @param facts everything but the bodies
 * @param request as it came
 * @param response as it was passed back, or as much of it as there was
 */
record CapturedCall(Facts facts, byte[] request, byte[] response) {
    private static final byte KIND = 'c';

    /** How a call ended. */
    enum End {
        /** With a whole answer. */
        ANSWERED,
        /** With a refusal of a server, or of all that were asked. */
        REFUSED,
        /** The server stopped in the middle of its answer. */
        BROKEN,
        /** The client went away before the end. */
        ABANDONED
    }

    /**
     * @param id of version 7
     * @param path of the API, such as {@code /v1/chat/completions}
     * @param model as the request names it
     * @param route that it took; the model's name where it is no use case
     * @param episode that it belongs to; null for none
     * @param stream whether events were asked for
     * @param status that the client got
     * @param firstByteMillis from the request to the first byte of the answer; null where none came
     * @param millis to the end
     * @param attempts in their order
     */
    record Facts(
            UUID id,
            Instant started,
            String path,
            String model,
            String route,
            @Nullable String episode,
            boolean stream,
            int status,
            End end,
            @Nullable Double firstByteMillis,
            double millis,
            Usage usage,
            List<Attempt> attempts) {
        Facts {
            attempts = List.copyOf(attempts);
        }
    }

    /**
     * Somebody was asked.
     *
     * @param status of the answer; null where none came
     * @param trouble why it was not taken; null where it was
     * @param millis from asking to the end of this attempt
     */
    record Attempt(
            int number,
            String variant,
            String upstream,
            String model,
            @Nullable Integer status,
            @Nullable String trouble,
            double millis) {}

    /** As bytes: kind, length of the facts, facts as JSON, length of the request, request, response. */
    byte[] encoded() {
        byte[] json = JsonMapper.shared().writeValueAsBytes(facts);
        return ByteBuffer.allocate(1 + 2 * Integer.BYTES + json.length + request.length + response.length)
                .put(KIND)
                .putInt(json.length)
                .put(json)
                .putInt(request.length)
                .put(request)
                .put(response)
                .array();
    }

    /** @throws IllegalArgumentException when these are no such bytes */
    static CapturedCall decoded(byte[] bytes) {
        try {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            if (buffer.get() != KIND) {
                throw new IllegalArgumentException("The record is no call");
            }
            byte[] json = part(buffer, buffer.getInt());
            byte[] request = part(buffer, buffer.getInt());
            byte[] response = part(buffer, buffer.remaining());
            return new CapturedCall(JsonMapper.shared().readValue(json, Facts.class), request, response);
        } catch (BufferUnderflowException | JacksonException e) {
            throw new IllegalArgumentException("The record of a call is damaged: " + e.getMessage(), e);
        }
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
