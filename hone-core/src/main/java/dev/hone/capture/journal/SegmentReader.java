package dev.hone.capture.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads the records of one segment: after {@value #MAGIC} one {@link Frame} after the other. */
final class SegmentReader {
    private static final String MAGIC = "HONEJ001";
    private static final int CHUNK_BYTES = 1 << 20;

    private final SegmentFiles.Input input;
    private final long number;
    private final long end;
    private final List<byte[]> records = new ArrayList<>();
    private final List<Batch.Damage> damaged = new ArrayList<>();
    private long offset;
    private long bytes;

    /**
     * @param offset where to begin
     * @param end of what was written
     */
    private SegmentReader(SegmentFiles.Input input, long number, long offset, long end) {
        this.input = input;
        this.number = number;
        this.offset = offset;
        this.end = end;
    }

    /** What stands at the beginning of a segment, before its records. */
    static ByteBuffer magic() {
        return ByteBuffer.wrap(MAGIC.getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * Reads on.
     *
     * @param from a place in the segment
     * @param end of what was written; negative for wherever the file ends
     * @param mostBytes after which no further record is read
     */
    static Batch read(SegmentFiles files, Position from, long end, long mostBytes) throws IOException {
        try (SegmentFiles.Input input = files.open(from.segment())) {
            SegmentReader reader =
                    new SegmentReader(input, from.segment(), from.offset(), end < 0 ? input.size() : end);
            if (from.offset() == 0) {
                reader.readMagic();
            }
            reader.readRecords(mostBytes);
            return new Batch(reader.records, reader.place(), reader.damaged);
        }
    }

    private void readMagic() throws IOException {
        if (end > 0) {
            if (chunk(Math.min(magic().remaining(), end)).equals(magic())) {
                offset = magic().remaining();
            } else {
                passOver();
            }
        }
    }

    private void readRecords(long mostBytes) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(0);
        while (offset < end && bytes < mostBytes) {
            byte[] content = Frame.content(place(), chunk);
            if (content != null) {
                records.add(content);
                bytes += content.length;
                offset += Frame.HEADER_BYTES + content.length;
                chunk.position(chunk.position() + Frame.HEADER_BYTES + content.length);
            } else if (offset + chunk.remaining() < end) {
                chunk = chunk(Math.min(end - offset, Math.max(CHUNK_BYTES, 2L * chunk.remaining())));
            } else {
                passOver();
            }
        }
    }

    /** Where one record is broken, nothing says where the next one begins. */
    private void passOver() {
        damaged.add(new Batch.Damage(place(), end - offset));
        offset = end;
    }

    private Position place() {
        return new Position(number, offset);
    }

    private ByteBuffer chunk(long size) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(Math.toIntExact(size));
        input.read(chunk, offset);
        return chunk.flip();
    }
}
