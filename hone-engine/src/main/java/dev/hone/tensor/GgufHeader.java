package dev.hone.tensor;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * The parsed header of a GGUF file. Made once by {@link GgufFile}.
 *
 * @param metadata key-value pairs
 * @param tensors by name, each within the file and disjoint from all others
 */
record GgufHeader(GgufMetadata metadata, SequencedMap<String, StoredTensor> tensors) {

    private static final int MAGIC = 0x46554747; // "GGUF"

    /** Most metadata values, array elements included: four times what a vocabulary of 262,144 with its merges needs. */
    private static final int MAX_VALUES = 1 << 22;

    private static final int MAX_NESTING = 4;
    private static final int MAX_DIMENSIONS = 4;

    /** Names of ggml's tensor types by number, for messages. */
    private static final Map<Integer, String> TYPE_NAMES = Map.ofEntries(
            Map.entry(0, "F32"),
            Map.entry(1, "F16"),
            Map.entry(2, "Q4_0"),
            Map.entry(3, "Q4_1"),
            Map.entry(6, "Q5_0"),
            Map.entry(7, "Q5_1"),
            Map.entry(8, "Q8_0"),
            Map.entry(9, "Q8_1"),
            Map.entry(10, "Q2_K"),
            Map.entry(11, "Q3_K"),
            Map.entry(12, "Q4_K"),
            Map.entry(13, "Q5_K"),
            Map.entry(14, "Q6_K"),
            Map.entry(15, "Q8_K"),
            Map.entry(16, "IQ2_XXS"),
            Map.entry(17, "IQ2_XS"),
            Map.entry(18, "IQ3_XXS"),
            Map.entry(19, "IQ1_S"),
            Map.entry(20, "IQ4_NL"),
            Map.entry(21, "IQ3_S"),
            Map.entry(22, "IQ2_S"),
            Map.entry(23, "IQ4_XS"),
            Map.entry(24, "I8"),
            Map.entry(25, "I16"),
            Map.entry(26, "I32"),
            Map.entry(27, "I64"),
            Map.entry(28, "F64"),
            Map.entry(29, "IQ1_M"),
            Map.entry(30, "BF16"),
            Map.entry(34, "TQ1_0"),
            Map.entry(35, "TQ2_0"),
            Map.entry(39, "MXFP4"));

    /** A tensor's entry in the header; its offset counts from the start of the data. */
    private record Entry(String name, DataType type, List<Long> shape, long bytes, long offset) {}

    static GgufHeader read(Path path, MemorySegment bytes) {
        GgufCursor cursor = new GgufCursor(path, bytes);
        if (bytes.byteSize() < 4 || cursor.i32() != MAGIC) {
            throw new ModelFileException(
                    path, "is not a GGUF file", "give a .gguf file or a Hugging Face model folder");
        }
        int version = cursor.i32();
        if (version != 2 && version != 3) {
            throw new ModelFileException(
                    path,
                    Integer.reverseBytes(version) == 3
                            ? "is a big-endian GGUF file"
                            : "has GGUF version [" + Integer.toUnsignedString(version) + "]",
                    "give one of version 2 or 3, little-endian");
        }
        long tensorCount = cursor.count("tensor count", 24);
        long valueCount = cursor.count("metadata count", 13);
        return new Parser(path, cursor).parse(bytes, tensorCount, valueCount);
    }

    /** The state of one parse. */
    private static final class Parser {

        private final Path path;
        private final GgufCursor cursor;
        private int values;

        Parser(Path path, GgufCursor cursor) {
            this.path = path;
            this.cursor = cursor;
        }

        GgufHeader parse(MemorySegment bytes, long tensorCount, long valueCount) {
            SequencedMap<String, GgufValue> values = new LinkedHashMap<>();
            for (long i = 0; i < valueCount; i++) {
                String key = cursor.string("metadata key", GgufCursor.MAX_NAME);
                if (values.put(key, value(cursor.i32(), 0)) != null) {
                    throw cursor.malformed("has the metadata key [" + key + "] twice");
                }
            }
            GgufMetadata metadata = new GgufMetadata(path, values);
            SequencedMap<String, Entry> entries = new LinkedHashMap<>();
            for (long i = 0; i < tensorCount; i++) {
                Entry entry = entry();
                if (entries.put(entry.name, entry) != null) {
                    throw cursor.malformed("has the tensor [" + entry.name + "] twice");
                }
            }
            return new GgufHeader(metadata, place(bytes, List.copyOf(entries.values()), alignment(metadata)));
        }

        private GgufValue value(int type, int depth) {
            if (++values > MAX_VALUES) {
                throw cursor.malformed("has more than [" + MAX_VALUES + "] metadata values");
            }
            return switch (type) {
                case 0 -> new GgufValue.Whole(Byte.toUnsignedLong(cursor.i8()));
                case 1 -> new GgufValue.Whole(cursor.i8());
                case 2 -> new GgufValue.Whole(Short.toUnsignedLong(cursor.i16()));
                case 3 -> new GgufValue.Whole(cursor.i16());
                case 4 -> new GgufValue.Whole(Integer.toUnsignedLong(cursor.i32()));
                case 5 -> new GgufValue.Whole(cursor.i32());
                case 6 -> new GgufValue.Real(Float.intBitsToFloat(cursor.i32()));
                case 7 -> new GgufValue.Flag(flag());
                case 8 -> new GgufValue.Text(cursor.string("metadata string", GgufCursor.MAX_STRING));
                case 9 -> array(depth);
                case 10 -> new GgufValue.Whole(cursor.u64("metadata value"));
                case 11 -> new GgufValue.Whole(cursor.i64());
                case 12 -> new GgufValue.Real(Double.longBitsToDouble(cursor.i64()));
                default ->
                    throw cursor.malformed(
                            "has a metadata value of the unknown type [" + Integer.toUnsignedString(type) + "]");
            };
        }

        private boolean flag() {
            byte flag = cursor.i8();
            if (flag != 0 && flag != 1) {
                throw cursor.malformed("has a boolean of [" + flag + "] in its metadata");
            }
            return flag == 1;
        }

        private GgufValue array(int depth) {
            if (depth == MAX_NESTING) {
                throw cursor.malformed("nests metadata arrays deeper than [" + MAX_NESTING + "]");
            }
            int type = cursor.i32();
            long count = cursor.count("metadata array length", 1);
            if (count > MAX_VALUES) {
                throw cursor.malformed(
                        "has a metadata array of [%d] values where at most [%d] are read".formatted(count, MAX_VALUES));
            }
            List<GgufValue> array = new ArrayList<>();
            for (long i = 0; i < count; i++) {
                array.add(value(type, depth + 1));
            }
            return new GgufValue.Array(array);
        }

        private long alignment(GgufMetadata metadata) {
            long alignment = metadata.has("general.alignment") ? metadata.whole("general.alignment") : 32;
            if (alignment < 1 || alignment > 1 << 20 || Long.bitCount(alignment) != 1) {
                throw cursor.malformed("has an alignment of [" + alignment + "], which is not a power of two");
            }
            return alignment;
        }

        private Entry entry() {
            String name = cursor.string("tensor name", GgufCursor.MAX_NAME);
            int dimensions = cursor.i32();
            if (dimensions < 1 || dimensions > MAX_DIMENSIONS) {
                throw cursor.malformed(
                        "has a tensor [%s] of [%s] dimensions".formatted(name, Integer.toUnsignedString(dimensions)));
            }
            List<Long> shape = new ArrayList<>();
            for (int i = 0; i < dimensions; i++) {
                shape.addFirst(cursor.u64("dimension of tensor [" + name + "]")); // innermost first in the file
            }
            DataType type = type(name, cursor.i32());
            if (shape.contains(0L) || shape.getLast() % type.blockElements() != 0) {
                throw cursor.malformed("has a tensor [%s] of shape %s, which type [%s] in blocks of [%d] cannot have"
                        .formatted(name, shape, type, type.blockElements()));
            }
            return new Entry(name, type, shape, size(name, type, shape), cursor.u64("offset of tensor [" + name + "]"));
        }

        private DataType type(String name, int number) {
            return switch (number) {
                case 0 -> DataType.F32;
                case 1 -> DataType.F16;
                case 2 -> DataType.Q4_0;
                case 3 -> DataType.Q4_1;
                case 8 -> DataType.Q8_0;
                case 30 -> DataType.BF16;
                default ->
                    throw new ModelFileException(
                            path,
                            "has a tensor [%s] of type [%s], which is not supported"
                                    .formatted(name, TYPE_NAMES.getOrDefault(number, Integer.toUnsignedString(number))),
                            "give a file whose tensors are of the types " + DataType.supported());
            };
        }

        private long size(String name, DataType type, List<Long> shape) {
            try {
                return type.bytes(shape.stream().reduce(1L, Math::multiplyExact));
            } catch (ArithmeticException e) {
                throw cursor.malformed("has a tensor [%s] of the impossible shape %s".formatted(name, shape));
            }
        }

        private SequencedMap<String, StoredTensor> place(MemorySegment bytes, List<Entry> entries, long alignment) {
            // A file without tensors may end at its header, unpadded.
            long start = Math.min(Math.ceilDiv(cursor.position(), alignment) * alignment, bytes.byteSize());
            MemorySegment data = bytes.asSlice(start);
            Entry previous = null;
            for (Entry entry : entries.stream()
                    .sorted(Comparator.comparingLong(Entry::offset))
                    .toList()) {
                if (entry.offset % alignment != 0) {
                    throw cursor.malformed("has its tensor [%s] at offset [%d], which is not a multiple of [%d]"
                            .formatted(entry.name, entry.offset, alignment));
                }
                if (entry.offset > data.byteSize() || entry.bytes > data.byteSize() - entry.offset) {
                    throw cursor.malformed("ends at byte [%d] inside its tensor [%s] (offset [%d], [%d] bytes)"
                            .formatted(bytes.byteSize(), entry.name, entry.offset, entry.bytes));
                }
                if (previous != null && previous.offset + previous.bytes > entry.offset) {
                    throw cursor.malformed(
                            "has tensors [%s] and [%s] that overlap".formatted(previous.name, entry.name));
                }
                previous = entry;
            }
            SequencedMap<String, StoredTensor> tensors = new LinkedHashMap<>();
            for (Entry entry : entries) {
                tensors.put(
                        entry.name,
                        new StoredTensor(
                                path, entry.name, entry.type, entry.shape, data.asSlice(entry.offset, entry.bytes)));
            }
            return tensors;
        }
    }
}
