package dev.hone.tensor;

import static dev.hone.tensor.GgufFileTest.assertMessage;
import static dev.hone.tensor.GgufFileTest.fixture;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsFileTest {

    @TempDir
    private Path folder;

    /** A file with this header and so many data bytes. */
    static byte[] file(byte[] header, int data) {
        return ByteBuffer.allocate(8 + header.length + data)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .array();
    }

    @Test
    void readsNamesShapesTypesAndMetadata() {
        try (SafetensorsFile file = SafetensorsFile.open(fixture("tiny.safetensors"))) {
            assertEquals(Map.of("format", "pt"), file.metadata());
            assertEquals(5, file.tensors().size());
            assertEquals(List.of(5L, 4L), file.tensor("f16").shape());
            assertEquals(DataType.F16, file.tensor("f16").type());
            assertEquals(List.of(), file.tensor("scalar").shape());
            assertEquals(1, file.tensor("scalar").elements());
            assertEquals(List.of(0L, 4L), file.tensor("empty").shape());
            assertEquals(0, file.tensor("empty").elements());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // part of the message | header | data bytes
                "malformed JSON | { | 0",
                "malformed JSON: Duplicate | {'x':{},'x':{}} | 0",
                "malformed JSON | {} {} | 0",
                "not an object | [] | 0",
                "[__metadata__] that is not an object | {'__metadata__':[]} | 0",
                "metadata [a] that is not a string | {'__metadata__':{'a':1}} | 0",
                "[x] without a dtype | {'x':7} | 0",
                "[x] without a dtype | {'x':{}} | 0",
                "[x] of dtype [F8_E4M3], which is not supported; give a model in F32, F16 or BF16 |"
                        + " {'x':{'dtype':'F8_E4M3'}} | 0",
                "[x] without shape | {'x':{'dtype':'F32'}} | 0",
                "[x] with [-1] in its shape | {'x':{'dtype':'F32','shape':[-1]}} | 0",
                "[x] with [1.0] in its shape | {'x':{'dtype':'F32','shape':[1.0]}} | 0",
                "[x] with [99999999999999999999] in its shape | {'x':{'dtype':'F32','shape':[99999999999999999999]}} |"
                        + " 0",
                "[x] without data_offsets | {'x':{'dtype':'F32','shape':[1]}} | 0",
                "data_offsets [0] | {'x':{'dtype':'F32','shape':[1],'data_offsets':[0]}} | 0",
                "takes [4] bytes | {'x':{'dtype':'F32','shape':[1],'data_offsets':[0,8]}} | 8",
                "takes [4] bytes | {'x':{'dtype':'F32','shape':[1],'data_offsets':[4,0]}} | 8",
                "impossible shape | {'x':{'dtype':'F32','shape':[4294967296,4294967296],'data_offsets':[0,0]}} | 0",
                "impossible shape | {'x':{'dtype':'F32','shape':[4611686018427387904],'data_offsets':[0,0]}} | 0",
                "ends inside its tensor [x] | {'x':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} | 7",
                "accounts for [8] | {'x':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} | 9",
                "tensor [x] at offset [4], where [0] | {'x':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}} | 8",
                "tensor [y] at offset [2], where [4] |"
                        + " {'x':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'y':{'dtype':'F16','shape':[1],'data_offsets':[2,4]}}"
                        + " | 4",
            })
    void refusesHostileHeaders(String message, String header, int data) throws IOException {
        byte[] bytes = file(header.replace('\'', '"').getBytes(StandardCharsets.UTF_8), data);
        Path path = Files.write(folder.resolve("model.safetensors"), bytes);
        assertMessage(message, () -> SafetensorsFile.open(path).close());
    }

    @Test
    void refusesDeepJson() throws IOException {
        byte[] header = ("{\"x\":" + "[".repeat(100_000)).getBytes(StandardCharsets.UTF_8);
        Path path = Files.write(folder.resolve("deep.safetensors"), file(header, 0));
        assertMessage("nesting depth", () -> SafetensorsFile.open(path));
    }

    @Test
    void refusesBadUtf8() throws IOException {
        byte[] header = {'{', '"', (byte) 0xff, '"', ':', '1', '}'};
        Path path = Files.write(folder.resolve("bad.safetensors"), file(header, 0));
        assertMessage("not UTF-8", () -> SafetensorsFile.open(path));
    }

    @Test
    void refusesImpossibleHeaderLengths() throws IOException {
        Path path = folder.resolve("model.safetensors");
        for (long length : new long[] {-1, Long.MAX_VALUE, 9}) {
            Files.write(
                    path,
                    ByteBuffer.allocate(16)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(length)
                            .array());
            assertMessage(
                    "announces a header of [" + Long.toUnsignedString(length) + "] bytes",
                    () -> SafetensorsFile.open(path));
        }
        Files.write(path, file(new byte[StrictJson.MAX_BYTES + 1], 0));
        assertMessage("has a header of [16777217] bytes", () -> SafetensorsFile.open(path));
    }

    @Test
    void refusesEveryTruncationAndExtension() throws IOException {
        byte[] whole = Files.readAllBytes(fixture("tiny.safetensors"));
        for (int length = 0; length < whole.length + 3; length++) {
            if (length != whole.length) {
                Path path = Files.write(folder.resolve("cut.safetensors"), Arrays.copyOf(whole, length));
                assertThrows(
                        ModelFileException.class,
                        () -> SafetensorsFile.open(path).close(),
                        "at " + length);
            }
        }
    }

    @Test
    void readsShardsThroughTheirIndex() throws IOException {
        shard("a.safetensors", "x");
        shard("b.safetensors", "y");
        try (SafetensorsFile file = SafetensorsFile.openSharded(index("{'x':'a.safetensors','y':'b.safetensors'}"))) {
            assertEquals(List.of("x", "y"), List.copyOf(file.tensors().keySet()));
            assertEquals(folder.resolve("b.safetensors"), file.tensor("y").file());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "has no [weight_map] | []",
                "not the name of a safetensors file | {'x':'../a.safetensors'}",
                "not the name of a safetensors file | {'x':'/etc/a.safetensors'}",
                "not the name of a safetensors file | {'x':'a.bin'}",
                "not the name of a safetensors file | {'x':7}",
                "[missing.safetensors] does not exist | {'x':'missing.safetensors'}",
                "places tensor [z] in [a.safetensors], which lacks it | {'x':'a.safetensors','z':'a.safetensors'}",
                "does not place tensor [x] in [a.safetensors], which has it | {'z':'a.safetensors'}",
                "does not place tensor [x] in [b.safetensors] | {'x':'a.safetensors','z':'b.safetensors'}",
            })
    void refusesIndexesThatDisagreeWithTheirFiles(String message, String map) throws IOException {
        shard("a.safetensors", "x");
        shard("b.safetensors", "x");
        Path index = index(map);
        assertMessage(message.replace("[missing", "[" + folder + "/missing"), () -> SafetensorsFile.openSharded(index));
    }

    private void shard(String name, String tensor) throws IOException {
        String header = "{\"%s\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[0,2]}}".formatted(tensor);
        Files.write(folder.resolve(name), file(header.getBytes(StandardCharsets.UTF_8), 2));
    }

    private Path index(String map) throws IOException {
        return Files.writeString(
                folder.resolve("model.safetensors.index.json"),
                "{\"metadata\":{\"total_size\":4},\"weight_map\":" + map.replace('\'', '"') + "}");
    }
}
