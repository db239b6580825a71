package dev.hone.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.ToolCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ChatFileTest {
    @TempDir
    Path folder;

    private ChatFile read(boolean skipBad, String... lines) throws IOException {
        Path file = folder.resolve("data.jsonl");
        Files.writeString(file, String.join("\n", lines));
        return ChatFile.read(file, skipBad);
    }

    private String refusal(String... lines) {
        return assertThrows(IllegalArgumentException.class, () -> read(false, lines))
                .getMessage();
    }

    @Test
    void bothFormsAreRead() throws IOException {
        ChatFile file = read(false, "\uFEFF{\"input\": \"Zeit?\", \"output\": \"12 Uhr ☕\", \"note\": 3}", "", """
            {"messages": [{"role": "system", "content": "S"}, {"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}, {"role": "assistant", "content": null, "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{\\"x\\":1}"}}]}], "tools": [{"type": "function"}]}\r\
            """, "");
        assertEquals(
                Conversation.of(ChatMessage.of("user", "Zeit?"), ChatMessage.of("assistant", "12 Uhr ☕")),
                file.rows().get(0));
        Conversation chat = file.rows().get(1);
        assertEquals("ab", chat.messages().get(1).content());
        assertEquals(
                List.of(new ToolCall("c1", "f", "{\"x\":1}")),
                chat.messages().get(2).toolCalls());
        assertEquals(List.of("{\"type\":\"function\"}"), chat.tools());
        assertEquals(64, file.sha256().length());
    }

    @Test
    void badLinesAreNamedWithNumberAndReason() {
        String message = refusal(
                "{\"input\": \"a\", \"output\": \"b\"}",
                "{\"input\": \"a\"",
                "[1]",
                "{\"input\": \"a\", \"otput\": \"b\"}",
                "{\"messages\": [{\"role\": \"user\", \"content\": \"x\"}]}",
                "{\"input\": \"a\", \"output\": 3}",
                "{\"input\": \"a\", \"input\": \"b\", \"output\": \"c\"}");
        assertTrue(message.contains("[6] bad lines of [7]"), message);
        assertTrue(message.contains("line 2: is not JSON"), message);
        assertTrue(message.contains("line 3: is not a JSON object"), message);
        assertTrue(
                message.contains("line 4: has neither [messages] nor [input] and [output], but [input], [otput]"),
                message);
        assertTrue(message.contains("line 5: does not end with the assistant's turn, but the [user]'s"), message);
        assertTrue(message.contains("line 6: has [output] that is no text"), message);
        assertTrue(message.contains("and 1 more"), message);
        assertTrue(message.contains("--skip-bad"), message);
    }

    @Test
    void badLinesAreCountedWhenSkipped() throws IOException {
        ChatFile file = read(true, "nonsense", "{\"input\": \"a\", \"output\": \"b\"}");
        assertEquals(1, file.rows().size());
        assertEquals(1, file.bad().getFirst().line());
    }

    @Test
    void emptyAndHopelessFilesAreRefused() {
        assertTrue(refusal("").contains("is empty"));
        String message = assertThrows(IllegalArgumentException.class, () -> read(true, "x", "y"))
                .getMessage();
        assertTrue(message.contains("no good line"), message);
    }

    @Test
    void bytesThatAreNotUtf8AreNamed() throws IOException {
        Path file = folder.resolve("latin1.jsonl");
        Files.write(file, new byte[] {'{', '"', (byte) 0xe4, '"', '}'});
        String message = assertThrows(IllegalArgumentException.class, () -> ChatFile.read(file, false))
                .getMessage();
        assertTrue(message.contains("line 1: is not UTF-8"), message);
    }

    @Property(tries = 300)
    void anyTextIsReadOrRefused(@ForAll String text) throws IOException {
        Path file = Files.createTempFile("chat", ".jsonl");
        try {
            Files.writeString(file, text.replaceAll("[\\x{D800}-\\x{DFFF}]", "?"));
            assertThrows(IllegalArgumentException.class, () -> ChatFile.read(file, true));
        } finally {
            Files.delete(file);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "arguments": [1]            | arguments are no JSON object
            "arguments": 3              | arguments are no JSON object
            "arguments": "{x"           | arguments are no JSON object
            "arguments": "[1]"          | arguments are no JSON object
            "arguments": null           | arguments are no JSON object
            """)
    void argumentsThatWouldBeLostAreBad(String arguments, String reason) throws IOException {
        String row = """
                {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "tool_calls": [{"function": {"name": "f", %s}}]}]}
                """.formatted(arguments);
        assertTrue(reasonOf(row).contains(reason), reasonOf(row));
    }

    @Test
    void listsThatAreNoneAreBad() throws IOException {
        String answer = "{\"role\": \"assistant\", \"content\": \"b\"}";
        assertTrue(reasonOf("{\"messages\": [" + answer + "], \"tools\": {\"a\": {}}}")
                .contains("[tools] that are no list"));
        assertTrue(reasonOf("{\"messages\": [{\"role\": \"assistant\", \"tool_calls\": {\"a\": {}}}]}")
                .contains("[tool_calls] that are no list in message [0]"));
    }

    private String reasonOf(String row) throws IOException {
        Path file = Files.writeString(folder.resolve("one.jsonl"), row);
        return assertThrows(IllegalArgumentException.class, () -> ChatFile.read(file, false))
                .getMessage();
    }
}
