package dev.hone.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.fetch.Hashes;
import dev.hone.record.LabelledTrace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LabelledFileTest {
    @TempDir
    Path folder;

    private List<LabelledFile.Line> read(byte[] content) throws IOException {
        Path file = Files.write(folder.resolve("rows.jsonl"), content);
        List<LabelledFile.Line> lines = new ArrayList<>();
        try (LabelledFile labelled = new LabelledFile(file, "response")) {
            for (LabelledFile.Line line = labelled.next(); line != null; line = labelled.next()) {
                lines.add(line);
            }
            assertEquals(Hashes.sha256(file), labelled.sha256());
        }
        return lines;
    }

    private LabelledTrace good(String row) throws IOException {
        return assertInstanceOf(
                        LabelledFile.Row.class,
                        read(row.getBytes(StandardCharsets.UTF_8)).getFirst())
                .labelled();
    }

    private String bad(String... rows) throws IOException {
        return assertInstanceOf(
                        LineFault.class,
                        read(String.join("\n", rows).getBytes(StandardCharsets.UTF_8))
                                .getLast())
                .reason();
    }

    @Test
    void everythingBesideTheAnswerIsKept() throws IOException {
        LabelledTrace read = good("""
                {"id": 7, "messages": [{"role": "system", "content": "S"}, {"role": "user", "content": "Wo?"}, \
                {"role": "assistant", "content": null, "tool_calls": [{"id": "c", "type": "function", "function": \
                {"name": "f", "arguments": "{\\"z\\": 1, \\"a\\": 2}"}}]}], "tools": [{"z": 1, "a": {"y": 1, "b": 2}}], \
                "metadata": {"customer": "☕", "n": 3, "vip": true, "nothing": null}, "created": "2026-01-31T13:00:00+01:00", \
                "response": "Dort"}
                """.strip());
        assertEquals("7", read.trace().externalId());
        assertEquals(
                "{\"messages\":[{\"role\":\"system\",\"content\":\"S\"},{\"role\":\"user\",\"content\":\"Wo?\"}],"
                        + "\"tools\":[{\"z\":1,\"a\":{\"y\":1,\"b\":2}}]}",
                read.trace().request());
        assertEquals(
                "{\"z\": 1, \"a\": 2}",
                ChatJson.message(read.demonstration()).toolCalls().getFirst().arguments());
        assertEquals(
                Map.of("customer", "☕", "n", "3", "vip", "true"), read.trace().metadata());
        assertEquals(Instant.parse("2026-01-31T12:00:00Z"), read.trace().occurred());
        assertEquals("Dort", ChatJson.message(read.trace().response()).content());
    }

    @Test
    void theContentHashCoversEveryPart() throws IOException {
        String plain = "{\"input\": \"a\", \"output\": \"b\"}";
        String hash = good(plain).trace().contentHash();
        assertEquals(
                hash,
                good("{ \"output\":\"b\", \"input\":\"a\", \"other\": 1}")
                        .trace()
                        .contentHash());
        for (String more : List.of(
                "\"id\": \"x\"",
                "\"response\": \"r\"",
                "\"metadata\": {\"k\": \"v\"}",
                "\"created\": 1",
                "\"tools\": [{}]")) {
            String row = "{\"input\": \"a\", \"output\": \"b\", " + more + "}";
            assertNotEquals(hash, good(row).trace().contentHash(), more);
        }
        assertNotEquals(
                hash, good("{\"input\": \"a\", \"output\": \"c\"}").trace().contentHash());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "input": "a"                                      | [input] without an [output]
            "input": "a", "output": null                      | [output] that is no text
            "input": "a", "output": ""                        | empty [output]
            "messages": [{"role": "user", "content": "a"}]    | does not end with the assistant's turn
            "messages": [{"role":"assistant","content":"a"}]  | nothing before it
            "input": "a", "output": "b", "id": [1]            | [id] that is no text
            "input": "a", "output": "b", "id": ""             | [id] that is no text
            "input": "a", "output": "b", "metadata": 3        | [metadata] that are no object
            "input": "a", "output": "b", "metadata": {"k":{}} | [metadata.k]
            "input": "a", "output": "b", "created": "gestern" | [created] [gestern]
            "input": "a", "output": "b", "created": 1e99      | [created]
            "input": "a", "output": "b", "created": 99999999999999999 | [created]
            "input": "a", "output": "b", "response": 3        | neither a text nor a message
            "input": "a\\u0000", "output": "b"                | U+0000
            "input": "a", "output": "b", "x": "\\udc00"       | half of a surrogate pair [\\udc00]
            """)
    void aRowThatCannotBeImportedSaysWhy(String row, String reason) throws IOException {
        String said = bad("{" + row + "}");
        assertTrue(said.contains(reason), said);
    }

    @Test
    void oneFileHasOneForm() throws IOException {
        String said = bad(
                "{\"input\": \"a\", \"output\": \"b\"}",
                "",
                "{\"messages\": [{\"role\": \"user\", \"content\": \"a\"}, {\"role\": \"assistant\", \"content\": \"b\"}]}");
        assertTrue(said.contains("[messages], while line 1 has [input]"), said);
    }

    @Test
    void bytesThatAreNoTextAreOneBadLineAndLongRowsAreRows() throws IOException {
        String big = "{\"input\": \"" + "wörd ".repeat(20_000) + "\", \"output\": \"b\"}\n";
        byte[] latin = "{\"input\": \"\u00e4\", \"output\": \"b\"}\n".getBytes(StandardCharsets.ISO_8859_1);
        byte[] long1 = big.getBytes(StandardCharsets.UTF_8);
        byte[] whole = new byte[latin.length + long1.length];
        System.arraycopy(latin, 0, whole, 0, latin.length);
        System.arraycopy(long1, 0, whole, latin.length, long1.length);
        List<LabelledFile.Line> lines = read(whole);
        assertEquals(new LineFault(1, "is not UTF-8"), lines.get(0));
        assertEquals(2, assertInstanceOf(LabelledFile.Row.class, lines.get(1)).number());
    }

    @Test
    void keysThatMeanNothingAreCounted() throws IOException {
        Path file = Files.writeString(
                folder.resolve("keys.jsonl"),
                "{\"input\":\"a\",\"output\":\"b\",\"meta\":1,\"answer\":\"r\"}\n".repeat(2));
        try (LabelledFile labelled = new LabelledFile(file, "answer")) {
            while (labelled.next() != null) {
                continue;
            }
            assertEquals(Map.of("meta", 2), labelled.ignored());
        }
        assertThrows(IllegalArgumentException.class, () -> new LabelledFile(file, "output"));
    }
}
