package dev.hone.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SafetensorsWriterTest {

    @TempDir
    private Path folder;

    static IntStream seeds() {
        return IntStream.range(0, 100);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whatIsWrittenIsRead(int seed) throws IOException {
        Random random = new Random(seed);
        Map<String, byte[]> expected = new LinkedHashMap<>();
        List<SafetensorsWriter.Entry> entries = new ArrayList<>();
        for (int i = random.nextInt(6); i >= 0; i--) {
            List<Long> shape = random.longs(random.nextInt(4), 0, 6).boxed().toList();
            byte[] bytes =
                    new byte[4 * (int) shape.stream().mapToLong(Long::longValue).reduce(1, (a, b) -> a * b)];
            random.nextBytes(bytes);
            String name = "é\"\n\\" + Integer.toString(random.nextInt(100), 36) + i;
            expected.put(name, bytes);
            int cut = random.nextInt(bytes.length + 1);
            entries.add(new SafetensorsWriter.Entry(name, shape, sink -> {
                sink.accept(MemorySegment.ofArray(bytes).asSlice(0, cut));
                sink.accept(MemorySegment.ofArray(bytes).asSlice(cut));
            }));
        }
        Path path = folder.resolve("model.safetensors");
        SafetensorsWriter.write(path, Map.of("format", "pt", "a", "ü"), entries);
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertEquals(Map.of("format", "pt", "a", "ü"), file.metadata());
            assertEquals(expected.keySet(), file.tensors().keySet());
            for (SafetensorsWriter.Entry entry : entries) {
                StoredTensor tensor = file.tensor(entry.name());
                assertEquals(entry.shape(), tensor.shape());
                assertEquals(HexFormat.of().formatHex(expected.get(entry.name())), DecoderTest.hex(tensor));
            }
            assertEquals(0, (Files.size(path) - size(file)) % 8, "data begins at a multiple of eight");
        }
        byte[] bytes = Files.readAllBytes(path);
        Collections.shuffle(entries, random);
        SafetensorsWriter.write(path, Map.of("a", "ü", "format", "pt"), entries);
        assertArrayEquals(bytes, Files.readAllBytes(path), "the order given does not matter");
        assertEquals(List.of("model.safetensors"), files());
    }

    private static long size(SafetensorsFile file) {
        return file.tensors().values().stream()
                .mapToLong(tensor -> tensor.bytes().byteSize())
                .sum();
    }

    @Test
    void keepsTheOldFileAndLeavesNothingWhenContentFails() throws IOException {
        Path path = Files.writeString(folder.resolve("model.safetensors"), "old");
        SafetensorsWriter.Entry good = entry("a", 4, MemorySegment.ofArray(new byte[16]));
        SafetensorsWriter.Entry failing = new SafetensorsWriter.Entry("b", List.of(4L), sink -> {
            sink.accept(MemorySegment.ofArray(new byte[8]));
            throw new IllegalStateException("no more");
        });
        assertThrows(
                IllegalStateException.class, () -> SafetensorsWriter.write(path, Map.of(), List.of(good, failing)));
        assertEquals("old", Files.readString(path));
        assertEquals(List.of("model.safetensors"), files());
    }

    @Test
    void refusesContentOfAnotherSize() {
        Path path = folder.resolve("model.safetensors");
        for (int size : new int[] {0, 12, 20}) {
            SafetensorsWriter.Entry entry = entry("a", 4, MemorySegment.ofArray(new byte[size]));
            assertThrows(IllegalStateException.class, () -> SafetensorsWriter.write(path, Map.of(), List.of(entry)));
        }
        assertThrows(IllegalArgumentException.class, () -> entry("__metadata__", 0, MemorySegment.NULL));
        SafetensorsWriter.Entry empty = entry("a", 0, MemorySegment.NULL);
        assertThrows(
                IllegalArgumentException.class, () -> SafetensorsWriter.write(path, Map.of(), List.of(empty, empty)));
    }

    @Test
    void saysThatAFileCannotBeWritten() {
        GgufFileTest.assertMessage(
                "cannot be written", () -> SafetensorsWriter.write(folder.resolve("absent/x"), Map.of(), List.of()));
    }

    private static SafetensorsWriter.Entry entry(String name, long elements, MemorySegment content) {
        return new SafetensorsWriter.Entry(name, List.of(elements), sink -> sink.accept(content));
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
