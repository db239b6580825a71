package dev.hone.capture.journal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A record on the disk: its length in bytes (4, above 0), a CRC-32C (4) of segment, offset, length and content, and the content.
 * With its place in the sum, bytes that an older file left on the disk are no record.
 */
final class Frame {
    static final int HEADER_BYTES = 8;

    /** Of the content. */
    static final int MOST_BYTES = 64 << 20;

    private Frame() {}

    /** What stands before a record at a place. */
    static ByteBuffer header(Position place, byte[] content) {
        return ByteBuffer.allocate(HEADER_BYTES)
                .putInt(content.length)
                .putInt(sum(place, content))
                .flip();
    }

    /**
     * The content at a place.
     *
     * @param bytes from the place on, as many as there are
     * @return null when no whole record is there
     */
    static byte @Nullable [] content(Position place, ByteBuffer bytes) {
        if (bytes.remaining() < HEADER_BYTES) {
            return null;
        }
        int length = bytes.getInt(bytes.position());
        if (length < 1 || length > MOST_BYTES || length > bytes.remaining() - HEADER_BYTES) {
            return null;
        }
        byte[] content = new byte[length];
        bytes.get(bytes.position() + HEADER_BYTES, content);
        return sum(place, content) == bytes.getInt(bytes.position() + Integer.BYTES) ? content : null;
    }

    private static int sum(Position place, byte[] content) {
        CRC32C sum = new CRC32C();
        sum.update(ByteBuffer.allocate(2 * Long.BYTES + Integer.BYTES)
                .putLong(place.segment())
                .putLong(place.offset())
                .putInt(content.length)
                .flip());
        sum.update(content);
        return (int) sum.getValue();
    }
}
