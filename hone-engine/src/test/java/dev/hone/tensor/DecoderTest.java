package dev.hone.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DecoderTest {

    @Test
    void decodesAsPythonDoesBitForBit() {
        try (SafetensorsFile decoded = SafetensorsFile.open(GgufFileTest.fixture("decoded.safetensors"));
                GgufFile gguf = GgufFile.open(GgufFileTest.fixture("tiny.gguf"));
                SafetensorsFile safetensors = SafetensorsFile.open(GgufFileTest.fixture("tiny.safetensors"))) {
            gguf.tensors().forEach((name, tensor) -> assertSame(decoded.tensor("gguf/" + name), tensor));
            safetensors.tensors().forEach((name, tensor) -> assertSame(decoded.tensor("safetensors/" + name), tensor));
            assertEquals(12 + 5, decoded.tensors().size());
        }
    }

    private static void assertSame(StoredTensor expected, StoredTensor actual) {
        assertEquals(expected.shape(), actual.shape(), actual.name());
        assertEquals(hex(expected), hex(actual), actual.name());
    }

    static String hex(StoredTensor tensor) {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment floats = arena.allocate(tensor.elements() * Float.BYTES);
            tensor.copyTo(floats);
            return HexFormat.of().formatHex(floats.toArray(ValueLayout.JAVA_BYTE));
        }
    }

    /** Many chunks on all cores give what one block after the other gives. */
    @ParameterizedTest
    @EnumSource
    void decodesLargeTensorsLikeTheirBlocks(DataType type) {
        int elements = (1 << 19) + 96;
        byte[] encoded = new byte[Math.toIntExact(type.bytes(elements))];
        new Random(type.ordinal()).nextBytes(encoded);
        try (Arena arena = Arena.ofShared()) {
            MemorySegment source = arena.allocate(encoded.length).copyFrom(MemorySegment.ofArray(encoded));
            MemorySegment whole = arena.allocate(4L * elements);
            Decoder.decode(type, source, whole);
            MemorySegment pieces = arena.allocate(4L * elements);
            for (int first = 0; first < elements; first += 32) {
                Decoder.decode(
                        type, source.asSlice(type.bytes(first), type.bytes(32)), pieces.asSlice(4L * first, 4 * 32));
            }
            // Not byte by byte: which payload survives NaN + NaN is the processor's choice.
            assertEquals(
                    -1, Arrays.mismatch(whole.toArray(ValueLayout.JAVA_FLOAT), pieces.toArray(ValueLayout.JAVA_FLOAT)));
        }
    }

    @Test
    void saysThatAFileWasCutShortSinceItWasOpened(@TempDir Path folder) throws IOException {
        Path path = folder.resolve("model.safetensors");
        byte[] zeros = new byte[1 << 22];
        SafetensorsWriter.write(
                path,
                Map.of(),
                List.of(new SafetensorsWriter.Entry(
                        "x", List.of(1L << 20), sink -> sink.accept(MemorySegment.ofArray(zeros)))));
        try (SafetensorsFile file = SafetensorsFile.open(path);
                Arena arena = Arena.ofShared()) {
            Files.write(path, new byte[0]);
            MemorySegment target = arena.allocate(1 << 22);
            StoredTensor tensor = file.tensor("x");
            GgufFileTest.assertMessage("could not be read at tensor [x]", () -> tensor.copyTo(target));
        }
    }
}
