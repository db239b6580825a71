package dev.hone.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GgufFileTest {

    @TempDir
    private Path folder;

    static Path fixture(String name) {
        return Path.of("src/test/resources/dev/hone/tensor").resolve(name);
    }

    @Test
    void readsMetadataOfEveryType() {
        try (GgufFile file = GgufFile.open(fixture("tiny.gguf"))) {
            GgufMetadata metadata = file.metadata();
            assertEquals("llama", metadata.text("general.architecture"));
            assertEquals(255, metadata.whole("u8"));
            assertEquals(-128, metadata.whole("i8"));
            assertEquals(65_535, metadata.whole("u16"));
            assertEquals(-32_768, metadata.whole("i16"));
            assertEquals(4_294_967_295L, metadata.whole("u32"));
            assertEquals(Integer.MIN_VALUE, metadata.whole("i32"));
            assertEquals(Long.MAX_VALUE, metadata.whole("u64"));
            assertEquals(Long.MIN_VALUE, metadata.whole("i64"));
            assertEquals(1.5, metadata.real("f32"));
            assertEquals(-0.1, metadata.real("f64"));
            assertTrue(metadata.flag("flag"));
            assertEquals("naïve Ġ🙂", metadata.text("text"));
            assertEquals(List.of("a", "", "é"), metadata.texts("texts"));
            assertEquals(List.of(1L, -2L, 3L), metadata.wholes("wholes"));
            assertEquals(
                    new GgufValue.Array(List.of(new GgufValue.Real(0.5), new GgufValue.Real(-0.25))),
                    metadata.values().get("reals"));
        }
    }

    @Test
    void namesAMissingOrMistypedKey() {
        try (GgufFile file = GgufFile.open(fixture("tiny.gguf"))) {
            GgufMetadata metadata = file.metadata();
            assertMessage("has no [absent]", () -> metadata.text("absent"));
            assertMessage(
                    "has a [u8] of kind [Whole] in its metadata where a string is needed", () -> metadata.text("u8"));
            assertMessage("where an array of strings is needed", () -> metadata.texts("wholes"));
            assertMessage("where an integer is needed", () -> metadata.whole("f32"));
            assertMessage("has no tensor [absent]", () -> file.tensor("absent"));
        }
    }

    @Test
    void readsShapesRowMajor() {
        try (GgufFile file = GgufFile.open(fixture("tiny.gguf"))) {
            assertEquals(12, file.tensors().size());
            assertEquals(List.of(3L, 32L), file.tensor("Q4_1.2").shape());
            assertEquals(DataType.Q4_1, file.tensor("Q4_1.2").type());
            assertEquals(96, file.tensor("Q4_1.2").elements());
            assertEquals(List.of(160L), file.tensor("BF16.1").shape());
        }
    }

    /** A header, and a part of the message that refuses it. */
    static Stream<Arguments> hostile() {
        return Stream.of(
                Arguments.of("is not a GGUF file", new GgufBytes()),
                Arguments.of("is not a GGUF file", new GgufBytes().i32(0x04034b50)),
                Arguments.of("ends at byte [4] inside its header", new GgufBytes().raw("GGUF".getBytes())),
                Arguments.of(
                        "has GGUF version [1]",
                        new GgufBytes().raw("GGUF".getBytes()).i32(1)),
                Arguments.of(
                        "is a big-endian",
                        new GgufBytes().raw("GGUF".getBytes()).i32(3 << 24)),
                Arguments.of("tensor count of [18446744073709551615]", GgufBytes.header(-1, 0)),
                Arguments.of("tensor count of [9223372036854775807]", GgufBytes.header(Long.MAX_VALUE, 0)),
                Arguments.of("metadata count of [1000]", GgufBytes.header(0, 1000)),
                Arguments.of(
                        "length of a metadata key of [99]",
                        GgufBytes.header(0, 1).i64(99).data(64)),
                Arguments.of(
                        "that is not UTF-8",
                        GgufBytes.header(0, 1)
                                .i64(2)
                                .raw((byte) 0xc0, (byte) 0xaf)
                                .i32(0)
                                .data(64)),
                Arguments.of("[key] twice", GgufBytes.header(0, 2).u32("key", 1).u32("key", 1)),
                Arguments.of(
                        "unknown type [13]",
                        GgufBytes.header(0, 1).string("key").i32(13).data(64)),
                Arguments.of(
                        "boolean of [7]",
                        GgufBytes.header(0, 1)
                                .string("key")
                                .i32(7)
                                .raw((byte) 7)
                                .data(64)),
                Arguments.of(
                        "nests metadata arrays deeper",
                        GgufBytes.header(0, 1)
                                .string("key")
                                .i32(9)
                                .i32(9)
                                .i64(1)
                                .i32(9)
                                .i64(1)
                                .i32(9)
                                .i64(1)
                                .i32(9)
                                .i64(1)
                                .i32(9)
                                .i64(1)
                                .data(64)),
                Arguments.of(
                        "metadata array length of [4611686018427387904]",
                        GgufBytes.header(0, 1)
                                .string("key")
                                .i32(9)
                                .i32(0)
                                .i64(1L << 62)
                                .data(64)),
                Arguments.of("alignment of [0]", GgufBytes.header(0, 1).u32("general.alignment", 0)),
                Arguments.of("alignment of [48]", GgufBytes.header(0, 1).u32("general.alignment", 48)),
                Arguments.of(
                        "[x] of [0] dimensions",
                        GgufBytes.header(1, 0).tensor("x", 0, 0).data(64)),
                Arguments.of(
                        "[x] of [5] dimensions",
                        GgufBytes.header(1, 0).tensor("x", 0, 0, 1, 1, 1, 1, 1).data(64)),
                Arguments.of(
                        "of shape [0, 4]",
                        GgufBytes.header(1, 0).tensor("x", 0, 0, 4, 0).data(64)),
                Arguments.of(
                        "of shape [33]",
                        GgufBytes.header(1, 0).tensor("x", 3, 0, 33).data(64)),
                Arguments.of(
                        "impossible shape [4294967296, 4294967296]",
                        GgufBytes.header(1, 0)
                                .tensor("x", 0, 0, 1L << 32, 1L << 32)
                                .data(64)),
                Arguments.of(
                        "impossible shape [4611686018427387904]",
                        GgufBytes.header(1, 0).tensor("x", 0, 0, 1L << 62).data(64)),
                Arguments.of(
                        "[x] of type [Q4_K], which is not supported; give a file whose tensors are of the types F32,"
                                + " F16",
                        GgufBytes.header(1, 0).tensor("x", 12, 0, 256).data(512)),
                Arguments.of(
                        "[x] of type [77]",
                        GgufBytes.header(1, 0).tensor("x", 77, 0, 256).data(512)),
                Arguments.of(
                        "offset [4], which is not a multiple",
                        GgufBytes.header(1, 0).tensor("x", 0, 4, 1).data(64)),
                Arguments.of(
                        "inside its tensor [x]",
                        GgufBytes.header(1, 0).tensor("x", 0, 0, 17).data(64)),
                Arguments.of(
                        "inside its tensor [x]",
                        GgufBytes.header(1, 0).tensor("x", 0, 1L << 62, 1).data(64)),
                Arguments.of(
                        "[x] and [y] that overlap",
                        GgufBytes.header(2, 0)
                                .tensor("x", 0, 0, 9)
                                .tensor("y", 0, 32, 1)
                                .data(64)),
                Arguments.of(
                        "the tensor [x] twice",
                        GgufBytes.header(2, 0)
                                .tensor("x", 0, 0, 8)
                                .tensor("x", 0, 32, 8)
                                .data(64)));
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void refusesHostileHeaders(String message, GgufBytes bytes) throws IOException {
        Path path = bytes.write(folder);
        assertMessage(message, () -> GgufFile.open(path).close());
    }

    @Test
    void acceptsTensorsSideBySideUpToTheLastByte() throws IOException {
        Path path = GgufBytes.header(2, 0)
                .tensor("x", 0, 0, 8)
                .tensor("y", 0, 32, 8)
                .data(64)
                .write(folder);
        try (GgufFile file = GgufFile.open(path)) {
            assertEquals(List.of("x", "y"), List.copyOf(file.tensors().keySet()));
        }
    }

    @Test
    void refusesEveryTruncation() throws IOException {
        byte[] whole = Files.readAllBytes(fixture("tiny.gguf"));
        for (int length = 0; length < whole.length - 32; length += 7) {
            Path path = Files.write(folder.resolve("cut.gguf"), Arrays.copyOf(whole, length));
            assertThrows(ModelFileException.class, () -> GgufFile.open(path).close(), "at " + length);
        }
    }

    @Test
    void refusesWhatIsNoFile() {
        assertMessage("does not exist", () -> GgufFile.open(folder.resolve("absent.gguf")));
        assertMessage("is not a regular file", () -> GgufFile.open(folder));
    }

    @Test
    void keepsControlCharactersOutOfMessages() throws IOException {
        Path path = GgufBytes.header(1, 0)
                .tensor("\u001b[2J" + "x".repeat(5_000), 77, 0, 1)
                .data(64)
                .write(folder);
        String message = assertThrows(ModelFileException.class, () -> GgufFile.open(path))
                .getMessage();
        assertTrue(message.contains("[?[2Jx") && message.length() < 1_500, message);
    }

    static void assertMessage(String part, Runnable action) {
        String message = assertThrows(ModelFileException.class, action::run).getMessage();
        assertTrue(message.contains(part), message);
    }
}
