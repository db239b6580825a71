package dev.hone.tensor;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes GGUF headers byte by byte, right or wrong. */
final class GgufBytes {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** Magic, version 3 and the two counts. */
    static GgufBytes header(long tensors, long values) {
        return new GgufBytes()
                .raw("GGUF".getBytes(StandardCharsets.US_ASCII))
                .i32(3)
                .i64(tensors)
                .i64(values);
    }

    GgufBytes raw(byte... bytes) {
        out.writeBytes(bytes);
        return this;
    }

    GgufBytes i32(int value) {
        return raw(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array());
    }

    GgufBytes i64(long value) {
        return raw(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array());
    }

    GgufBytes string(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return i64(bytes.length).raw(bytes);
    }

    /** An unsigned 32 bit metadata value. */
    GgufBytes u32(String key, int value) {
        return string(key).i32(4).i32(value);
    }

    /** A tensor's entry; dimensions innermost first. */
    GgufBytes tensor(String name, int type, long offset, long... dimensions) {
        string(name).i32(dimensions.length);
        for (long dimension : dimensions) {
            i64(dimension);
        }
        return i32(type).i64(offset);
    }

    /** Zeros to the next multiple of 32, then so many data bytes. */
    GgufBytes data(int bytes) {
        return raw(new byte[Math.ceilDiv(out.size(), 32) * 32 - out.size()]).raw(new byte[bytes]);
    }

    Path write(Path folder) throws IOException {
        return Files.write(folder.resolve("model.gguf"), out.toByteArray());
    }
}
