package dev.hone.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.fetch.Hashes;
import dev.hone.record.CallUsage;
import dev.hone.record.CapturedCall;
import dev.hone.record.Ids;
import dev.hone.record.Project;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CompletionFileTest {
    private static final String ANSWER = """
            "id": "chatcmpl-1", "object": "chat.completion", "created": 1738960610, "model": "gpt-4o-mini", "request_id": "req_1", \
            "temperature": 0.5, "tools": null, "metadata": {"release": "42"}, "input_user": null, \
            "usage": {"prompt_tokens": 9, "completion_tokens": 3, "prompt_tokens_details": {"cached_tokens": 2}}, \
            "choices": [{"index": 0, "message": {"role": "assistant", "content": "Ça va"}, "finish_reason": "stop"}]""".strip();
    private static final String MESSAGES = """
            "messages": {"object": "list", "data": [{"id": "chatcmpl-1-0", "role": "user", "content": "Ça va ?", "name": null, \
            "content_parts": null}], "has_more": false}""".strip();

    @TempDir
    Path folder;

    private Path file(String... rows) throws IOException {
        return Files.writeString(folder.resolve("rows.jsonl"), String.join("\n", rows));
    }

    private List<CompletionFile.Line> read(String... rows) throws IOException {
        return readAs("shop", rows);
    }

    private List<CompletionFile.Line> readAs(String project, String... rows) throws IOException {
        Path file = file(rows);
        List<CompletionFile.Line> lines = new ArrayList<>();
        try (CompletionFile completions = new CompletionFile(file, "support", project)) {
            for (CompletionFile.Line line = completions.next(); line != null; line = completions.next()) {
                lines.add(line);
            }
            assertEquals(Hashes.sha256(file), completions.sha256());
        }
        return lines;
    }

    private CapturedCall good(String row) throws IOException {
        return assertInstanceOf(CompletionFile.Row.class, read(row).getFirst()).call();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Test
    void aListedCompletionIsTheCallThatItWas() throws IOException {
        CapturedCall call = good("{%s, %s}".formatted(ANSWER, MESSAGES));
        assertEquals(
                "{\"model\":\"gpt-4o-mini\",\"temperature\":0.5,\"messages\":[{\"role\":\"user\",\"content\":\"Ça va ?\"}]}",
                text(call.request()));
        assertTrue(text(call.response()).contains("\"content\":\"Ça va\""));
        assertFalse(text(call.response()).contains("req_1"));
        CapturedCall.Facts facts = call.facts();
        assertEquals(Instant.parse("2025-02-07T20:36:50Z"), facts.started());
        assertEquals(new CallUsage(9L, 2L, 3L), facts.usage());
        assertEquals("support", facts.route());
        assertEquals("shop", facts.origin().project());
        assertEquals(
                Map.of("release", "42", "completion", "chatcmpl-1"),
                facts.origin().tags());
        assertEquals(7, facts.id().version());
        assertEquals(2, facts.id().variant());
        assertEquals(facts.started().toEpochMilli(), facts.id().getMostSignificantBits() >>> 16);
    }

    @Test
    void aPairOfRequestAndResponseIsTheSameCall() throws IOException {
        String request =
                "{\"model\":\"gpt-4o-mini\",\"n\":1,\"messages\":[{\"role\":\"user\",\"content\":\"Ça va ?\"}]}";
        CapturedCall call = good("{\"request\": %s, \"response\": {%s}}".formatted(request, ANSWER));
        assertEquals(request, text(call.request()));
        assertEquals(
                good("{%s, %s}".formatted(ANSWER, MESSAGES)).facts().id(),
                call.facts().id());
        assertNotEquals(
                good("{\"request\": %s, \"response\": {%s}}"
                                .formatted(request, ANSWER.replace("chatcmpl-1", "chatcmpl-2")))
                        .facts()
                        .id(),
                call.facts().id());
    }

    private UUID idAs(String project) throws IOException {
        return assertInstanceOf(
                        CompletionFile.Row.class,
                        readAs(project, "{%s, %s}".formatted(ANSWER, MESSAGES)).getFirst())
                .call()
                .facts()
                .id();
    }

    /** Two projects may have use cases of one name, and import one file; what was imported before there were projects is known. */
    @Test
    void aCompletionIsKnownByItsProjectToo() throws IOException {
        assertEquals(idAs("shop"), idAs("shop"));
        assertNotEquals(idAs("shop"), idAs("store"));
        assertNotEquals(idAs("shop"), idAs(Project.DEFAULT));
        assertEquals(Ids.of(Instant.parse("2025-02-07T20:36:50Z"), "support\0chatcmpl-1"), idAs(Project.DEFAULT));
    }

    @Test
    void whatIsNoTextIsKeptToo() throws IOException {
        CapturedCall call = good(
                "{%s, \"input\": [{\"role\": \"user\", \"content\": null, \"content_parts\": [{\"type\": \"image_url\"}]}]}"
                        .formatted(ANSWER));
        assertTrue(text(call.request()).contains("\"content\":[{\"type\":\"image_url\"}]"), text(call.request()));
    }

    @Test
    void labelledRowsAreToldApart() throws IOException {
        assertTrue(CompletionFile.isOne(file("", "{%s, %s}".formatted(ANSWER, MESSAGES))));
        assertFalse(CompletionFile.isOne(file("{\"input\": \"a\", \"output\": \"b\"}")));
        assertFalse(CompletionFile.isOne(file("{\"request\": {}, \"input\": \"a\", \"output\": \"b\"}")));
        assertFalse(CompletionFile.isOne(file("no JSON")));
        assertFalse(CompletionFile.isOne(file("")));
        List<CompletionFile.Line> lines =
                read("{%s, %s}".formatted(ANSWER, MESSAGES), "{\"input\": \"a\", \"output\": \"b\"}");
        String said = assertInstanceOf(LineFault.class, lines.get(1)).reason();
        assertTrue(said.contains("file of their own"), said);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "object": "chat.completion"                                              | no [id]
            "object": "chat.completion", "id": ""                                    | no [id]
            "object": "chat.completion", "id": "c"                                   | [created]
            "object": "chat.completion", "id": "c", "created": 3                     | [created] [3]
            "object": "chat.completion", "id": "c", "created": 99999999999           | [created]
            "object": "chat.completion", "id": "c", "created": "now"                 | [created] [now]
            "object": "chat.completion", "id": "c", "created": 1738960610            | /messages] under [messages]
            "object": "chat.completion", "id": "c", "created": 1738960610, "messages": [3] | without a [role]
            "object": "chat.completion", "id": "c", "created": 1738960610, "messages": [{"role": "user"}] | no [choices]
            "request": {"messages": [{}], "metadata": 3}, "response": {"id": "c", "created": 1738960610, "choices": [{}]} | no object
            "request": {"messages": [{}], "metadata": {"k": {}}}, "response": {"id": "c", "created": 1738960610, "choices": [{}]} | [metadata.k]
            "request": {}, "response": {}, "request": {}                             | not JSON
            """)
    void aRowThatCannotBeImportedSaysWhy(String row, String reason) throws IOException {
        String said = assertInstanceOf(LineFault.class, read("{" + row + "}").getFirst())
                .reason();
        assertTrue(said.contains(reason), said);
    }
}
