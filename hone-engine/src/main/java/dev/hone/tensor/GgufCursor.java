package dev.hone.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Reads little-endian primitives one after the other; every read is checked against the end of the file. */
final class GgufCursor {

    static final String REMEDY = "download or convert the file again";

    /** Longest string: no token or template comes near. */
    static final int MAX_STRING = 1 << 24;

    /** Longest name of a tensor or a key, as the format has it. */
    static final int MAX_NAME = (1 << 16) - 1;

    /** Longest header: ten times that of the largest vocabularies. */
    private static final long MAX_HEADER = 1L << 28;

    private final Path path;
    private final MemorySegment bytes;
    private long position;

    GgufCursor(Path path, MemorySegment bytes) {
        this.path = path;
        this.bytes = bytes;
    }

    long position() {
        return position;
    }

    long remaining() {
        return bytes.byteSize() - position;
    }

    byte i8() {
        return bytes.get(ValueLayout.JAVA_BYTE, advance(1));
    }

    short i16() {
        return bytes.get(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), advance(2));
    }

    int i32() {
        return bytes.get(ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), advance(4));
    }

    long i64() {
        return bytes.get(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), advance(8));
    }

    /** An unsigned 64 bit number that fits 63 bits. */
    long u64(String what) {
        long value = i64();
        if (value < 0) {
            throw malformed("has a " + what + " of [" + Long.toUnsignedString(value) + "]");
        }
        return value;
    }

    /** A number of things that take at least {@code bytesEach} bytes each in the rest of the file. */
    long count(String what, int bytesEach) {
        long count = u64(what);
        if (count > remaining() / bytesEach) {
            throw malformed("announces a %s of [%d], which [%d] remaining bytes cannot hold"
                    .formatted(what, count, remaining()));
        }
        return count;
    }

    /** A string of so many bytes at most: its length, then strict UTF-8. */
    String string(String what, int most) {
        long length = count("length of a " + what, 1);
        if (length > most) {
            throw malformed("has a %s of [%d] bytes where at most [%d] are read".formatted(what, length, most));
        }
        byte[] text = bytes.asSlice(advance(length), length).toArray(ValueLayout.JAVA_BYTE);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(text))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed("has a %s at byte [%d] that is not UTF-8".formatted(what, position - length));
        }
    }

    ModelFileException malformed(String problem) {
        return new ModelFileException(path, problem, REMEDY);
    }

    private long advance(long count) {
        if (count > remaining()) {
            throw malformed("ends at byte [%d] inside its header".formatted(bytes.byteSize()));
        }
        if (count > MAX_HEADER - position) {
            throw malformed("has a header of more than [%d] bytes".formatted(MAX_HEADER));
        }
        long from = position;
        position += count;
        return from;
    }
}
