package dev.hone.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The parsed header of one safetensors file: eight bytes with the length of a JSON object, the object, then the tensors
 * without gaps. Made once by {@link SafetensorsFile}.
 *
 * @param metadata free-form strings
 * @param tensors by name, in the order of their bytes; together they are exactly the rest of the file
 */
record SafetensorsHeader(Map<String, String> metadata, SequencedMap<String, StoredTensor> tensors) {

    static final String METADATA = "__metadata__";

    private static final String REMEDY = "download the file again";

    /** A tensor's entry in the header; offsets count from the end of the header. */
    private record Entry(String name, DataType type, List<Long> shape, long from, long to) {}

    static SafetensorsHeader read(Path path, MemorySegment file) {
        if (file.byteSize() < 8) {
            throw malformed(path, "has [" + file.byteSize() + "] bytes and is no safetensors file");
        }
        long length = file.get(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 0);
        if (length < 0 || length > file.byteSize() - 8) {
            throw malformed(
                    path,
                    "announces a header of [%s] bytes, but has [%d]"
                            .formatted(Long.toUnsignedString(length), file.byteSize()));
        }
        if (length > StrictJson.MAX_BYTES) {
            throw malformed(
                    path,
                    "has a header of [%d] bytes where at most [%d] are read".formatted(length, StrictJson.MAX_BYTES));
        }
        ObjectNode json = StrictJson.parse(path, file.asSlice(8, length).toArray(ValueLayout.JAVA_BYTE));
        JsonNode metadata = json.remove(METADATA);
        List<Entry> entries = new ArrayList<>();
        for (Map.Entry<String, JsonNode> property : json.properties()) {
            entries.add(entry(path, property.getKey(), property.getValue()));
        }
        return new SafetensorsHeader(metadata(path, metadata), place(path, entries, file.asSlice(8 + length)));
    }

    private static Map<String, String> metadata(Path path, JsonNode node) {
        Map<String, String> metadata = new LinkedHashMap<>();
        if (node == null) {
            return metadata;
        }
        if (!node.isObject()) {
            throw malformed(path, "has a [" + METADATA + "] that is not an object");
        }
        for (Map.Entry<String, JsonNode> property : node.properties()) {
            if (!property.getValue().isString()) {
                throw malformed(path, "has metadata [%s] that is not a string".formatted(property.getKey()));
            }
            metadata.put(property.getKey(), property.getValue().stringValue());
        }
        return metadata;
    }

    private static Entry entry(Path path, String name, JsonNode node) {
        DataType type = type(path, name, node.path("dtype"));
        List<Long> shape = wholes(path, name, node, "shape");
        List<Long> offsets = wholes(path, name, node, "data_offsets");
        if (offsets.size() != 2) {
            throw malformed(path, "has a tensor [%s] with data_offsets %s".formatted(name, offsets));
        }
        long bytes;
        try {
            bytes = type.bytes(shape.stream().reduce(1L, Math::multiplyExact));
        } catch (ArithmeticException e) {
            throw malformed(path, "has a tensor [%s] of the impossible shape %s".formatted(name, shape));
        }
        if (offsets.getLast() - offsets.getFirst() != bytes) {
            throw malformed(
                    path,
                    "has a tensor [%s] with data_offsets %s, but its shape %s takes [%d] bytes"
                            .formatted(name, offsets, shape, bytes));
        }
        return new Entry(name, type, shape, offsets.getFirst(), offsets.getLast());
    }

    private static DataType type(Path path, String name, JsonNode node) {
        if (!node.isString()) {
            throw malformed(path, "has a tensor [" + name + "] without a dtype");
        }
        return switch (node.stringValue()) {
            case "F32" -> DataType.F32;
            case "F16" -> DataType.F16;
            case "BF16" -> DataType.BF16;
            default ->
                throw new ModelFileException(
                        path,
                        "has a tensor [%s] of dtype [%s], which is not supported".formatted(name, node.stringValue()),
                        "give a model in F32, F16 or BF16");
        };
    }

    private static List<Long> wholes(Path path, String name, JsonNode node, String key) {
        if (!(node.path(key).isArray())) {
            throw malformed(path, "has a tensor [%s] without %s".formatted(name, key));
        }
        List<Long> wholes = new ArrayList<>();
        for (JsonNode element : node.path(key)) {
            if (!element.isIntegralNumber() || !element.canConvertToLong() || element.longValue() < 0) {
                throw malformed(path, "has a tensor [%s] with [%s] in its %s".formatted(name, element, key));
            }
            wholes.add(element.longValue());
        }
        return wholes;
    }

    private static SequencedMap<String, StoredTensor> place(Path path, List<Entry> entries, MemorySegment data) {
        SequencedMap<String, StoredTensor> tensors = new LinkedHashMap<>();
        long end = 0;
        Entry[] ordered = entries.toArray(Entry[]::new);
        Arrays.sort(ordered, Comparator.comparingLong(Entry::from).thenComparingLong(Entry::to));
        for (Entry entry : ordered) {
            if (entry.from != end) {
                throw malformed(
                        path,
                        "has its tensor [%s] at offset [%d], where [%d] is the end of the one before it"
                                .formatted(entry.name, entry.from, end));
            }
            if (entry.to > data.byteSize()) {
                throw malformed(
                        path,
                        "ends inside its tensor [%s]: that ends at offset [%d] of [%d]"
                                .formatted(entry.name, entry.to, data.byteSize()));
            }
            end = entry.to;
            tensors.put(
                    entry.name,
                    new StoredTensor(
                            path,
                            entry.name,
                            entry.type,
                            entry.shape,
                            data.asSlice(entry.from, entry.to - entry.from)));
        }
        if (end != data.byteSize()) {
            throw malformed(
                    path,
                    "has [%d] bytes of tensors, but its header accounts for [%d]".formatted(data.byteSize(), end));
        }
        return tensors;
    }

    private static ModelFileException malformed(Path path, String problem) {
        return new ModelFileException(path, problem, REMEDY);
    }
}
