package dev.hone.train;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.hone.record.Constraint;
import dev.hone.record.Loss;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.dataformat.cbor.CBORMapper;

/** Messages over a byte stream: four bytes of big-endian length, then that many bytes of CBOR (RFC 8949). */
final class Frames {
    /** Longest frame, in bytes: well above the largest batch, well below what could exhaust the heap. */
    static final int MOST_BYTES = 256 << 20;

    private static final ObjectMapper CBOR = CBORMapper.builder()
            .addMixIn(WorkerRequest.class, Named.class)
            .addMixIn(WorkerReply.class, Named.class)
            .addMixIn(Loss.class, Named.class)
            .addMixIn(Constraint.class, Named.class)
            .addMixIn(Adaptation.class, Named.class)
            .build();

    private final DataInputStream in;
    private final DataOutputStream out;

    Frames(InputStream in, OutputStream out) {
        this.in = new DataInputStream(in);
        this.out = new DataOutputStream(out);
    }

    /** Writes a message of the declared type and flushes. */
    synchronized <T> void write(Class<T> type, T message) throws IOException {
        byte[] bytes;
        try {
            bytes = CBOR.writerFor(type).writeValueAsBytes(message);
        } catch (JacksonException e) {
            throw new IOException(
                    "Cannot write a message of " + message.getClass().getSimpleName(), e);
        }
        if (bytes.length > MOST_BYTES) {
            throw new IllegalArgumentException(
                    "A message of [%d] bytes is above the limit of [%d]: send fewer rows a call"
                            .formatted(bytes.length, MOST_BYTES));
        }
        out.writeInt(bytes.length);
        out.write(bytes);
        out.flush();
    }

    /** Reads the next message, or null at the end of the stream. A torn frame is an {@link EOFException}. */
    <T> @Nullable T read(Class<T> type) throws IOException {
        int first = in.read();
        if (first < 0) {
            return null;
        }
        int length = first << 24 | in.readUnsignedByte() << 16 | in.readUnsignedShort();
        if (length < 0 || length > MOST_BYTES) {
            throw new FrameException(
                    "A frame claims [%d] bytes, the limit is [%d]".formatted(length & 0xffffffffL, MOST_BYTES));
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("A frame ended after [%d] of [%d] bytes".formatted(bytes.length, length));
        }
        T message;
        try {
            message = CBOR.readValue(bytes, type);
        } catch (JacksonException e) {
            throw new FrameException("A frame of [%d] bytes is no %s: %s"
                    .formatted(length, type.getSimpleName(), e.getOriginalMessage()));
        }
        if (message == null) {
            throw new FrameException("A frame of [%d] bytes holds null".formatted(length));
        }
        return message;
    }

    /** A message that breaks the protocol. */
    static final class FrameException extends IOException {
        private static final long serialVersionUID = 1;

        FrameException(String message) {
            super(message);
        }
    }

    /** Sealed types carry the simple name of the record; Jackson takes the names from the permitted subclasses. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "is")
    private interface Named {}
}
