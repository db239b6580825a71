package dev.hone.tensor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes fp32 tensors as a safetensors file, durably ({@link DurableFiles}) and one tensor after the other, so that no
 * second copy of a model is ever in memory. Names are sorted and data begins at a multiple of eight bytes: the same
 * tensors make the same bytes.
 */
public final class SafetensorsWriter {

    /** Largest single write: a JDK buffer holds no more than 2 GiB. */
    private static final long SLICE = 1L << 28;

    private SafetensorsWriter() {}

    /** The elements of a tensor, produced when it is its turn. */
    @FunctionalInterface
    public interface Content {
        /**
         * Hands over all elements in order, in one or more pieces of native-order fp32. A piece is written before the
         * sink returns, and may be freed then.
         */
        void writeTo(Consumer<MemorySegment> sink);
    }

    /**
     * A tensor to be written.
     *
     * @param name unique in the file
     * @param shape row-major, outermost dimension first
     * @param content its elements
     */
    public record Entry(String name, List<Long> shape, Content content) {

        public Entry {
            shape = List.copyOf(shape);
            if (name.equals(SafetensorsHeader.METADATA)) {
                throw new IllegalArgumentException("A tensor cannot be named [" + name + "]");
            }
        }

        private long bytes() {
            return DataType.F32.bytes(shape.stream().reduce(1L, Math::multiplyExact));
        }
    }

    /**
     * Writes a file, in place of an older one if there is one.
     *
     * @param metadata free-form strings for its header; Hugging Face's readers expect {@code format = pt}
     * @throws ModelFileException if it cannot be written
     */
    public static void write(Path file, Map<String, String> metadata, Collection<Entry> tensors) {
        List<Entry> sorted =
                tensors.stream().sorted(Comparator.comparing(Entry::name)).toList();
        byte[] header = header(metadata, sorted);
        DurableFiles.write(file, channel -> {
            write(
                    channel,
                    ByteBuffer.allocate(8)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(header.length)
                            .flip());
            write(channel, ByteBuffer.wrap(header));
            for (Entry entry : sorted) {
                write(channel, entry);
            }
        });
    }

    /** The JSON of the header, padded by spaces so that header and length fill a multiple of eight bytes. */
    private static byte[] header(Map<String, String> metadata, List<Entry> sorted) {
        Map<String, Object> header = new LinkedHashMap<>();
        if (!metadata.isEmpty()) {
            header.put(SafetensorsHeader.METADATA, new TreeMap<>(metadata));
        }
        long offset = 0;
        for (Entry entry : sorted) {
            Map<String, Object> properties = new LinkedHashMap<>();
            properties.put("dtype", DataType.F32.name());
            properties.put("shape", entry.shape);
            properties.put("data_offsets", List.of(offset, offset + entry.bytes()));
            if (header.put(entry.name, properties) != null) {
                throw new IllegalArgumentException("Tensor [" + entry.name + "] is given twice");
            }
            offset += entry.bytes();
        }
        String json = JsonMapper.shared().writeValueAsString(header);
        int length = json.getBytes(StandardCharsets.UTF_8).length;
        return (json + " ".repeat(Math.ceilDiv(length, 8) * 8 - length)).getBytes(StandardCharsets.UTF_8);
    }

    private static void write(FileChannel channel, Entry entry) throws IOException {
        long start = channel.position();
        entry.content.writeTo(piece -> {
            try {
                for (long from = 0; from < piece.byteSize(); from += SLICE) {
                    write(
                            channel,
                            piece.asSlice(from, Math.min(SLICE, piece.byteSize() - from))
                                    .asByteBuffer());
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        if (channel.position() - start != entry.bytes()) {
            throw new IllegalStateException("Tensor [%s] of shape %s was given [%d] bytes instead of [%d]"
                    .formatted(entry.name, entry.shape, channel.position() - start, entry.bytes()));
        }
    }

    private static void write(FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }
}
