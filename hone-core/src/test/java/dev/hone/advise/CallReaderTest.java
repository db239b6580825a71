package dev.hone.advise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.advise.SampledCall.Said;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CallReaderTest {
    @Test
    void aChatIsRead() {
        Said said = CallReader.read(
                """
                {"messages": [{"role": "system", "content": "Sort."}, {"role": "user", "content": [{"type": "text", "text": "Where"},
                  {"type": "image_url", "image_url": {"url": "x"}}, {"type": "text", "text": "is it?"}]}, {"role": "assistant", "content": "?"}, {"role": "user", "content": "The card"}],
                 "tools": [{"type": "function", "function": {"name": "b", "parameters": {}}}, {"type": "function", "function": {"name": "a"}}]}
                """, "{\"choices\": [{\"message\": {\"role\": \"assistant\", \"content\": \"card_arrival\"}}]}");
        assertEquals("Sort.", said.system());
        assertEquals("Where\nis it?", said.user());
        assertEquals(List.of("a", "b"), said.tools());
        assertEquals(new Reply(Reply.Form.LABEL, "card_arrival"), said.reply());
        assertEquals(5, said.systemCharacters());
        assertTrue(
                said.toolCharacters() > 50 && said.characters() == 5 + 12 + 1 + 8 + said.toolCharacters(),
                said.toString());
    }

    @Test
    void theOtherFormsAreReadAsWell() {
        Said responses = CallReader.read(
                "{\"instructions\": \"Be brief.\", \"input\": [{\"role\": \"user\", \"content\": [{\"type\": \"input_text\", \"text\": \"Hello\"}]}], \"tools\": [{\"type\": \"function\", \"name\": \"look\"}]}",
                "{\"output\": [{\"type\": \"function_call\", \"name\": \"look\", \"arguments\": \"{}\"}]}");
        assertEquals("Be brief.", responses.system());
        assertEquals("Hello", responses.user());
        assertEquals(List.of("look"), responses.tools());
        assertEquals(new Reply(Reply.Form.CALL, "look"), responses.reply());
        assertEquals("Hi", CallReader.read("{\"input\": \"Hi\"}", null).user());
        Said completion = CallReader.read(
                "{\"prompt\": \"Once\"}", "{\"choices\": [{\"text\": \"There was a king. He had a dog.\"}]}");
        assertEquals("Once", completion.user());
        assertEquals(Reply.Form.TEXT, completion.reply().form());
        Said row = CallReader.read(
                "{\"messages\": [{\"role\": \"user\", \"content\": \"2+2\"}], \"tools\": []}",
                "{\"role\": \"assistant\", \"content\": \"4\"}");
        assertEquals(new Reply(Reply.Form.NUMBER, "4"), row.reply());
    }

    @Test
    void answersHaveTheirForms() {
        assertEquals(Reply.Form.NONE, CallReader.read("{}", null).reply().form());
        assertEquals(Reply.Form.NONE, CallReader.read("{}", "  ").reply().form());
        assertEquals(Reply.Form.NUMBER, Reply.of("-1,234.5").form());
        assertEquals(Reply.Form.LABEL, Reply.of("\"CWE-79\"").form());
        assertEquals("CWE-79", Reply.of("\"CWE-79\"").text());
        assertEquals(Reply.Form.JSON, Reply.of("{\"a\": 1}").form());
        assertEquals(Reply.Form.TEXT, Reply.of("It arrives tomorrow.").form());
        assertEquals(Reply.Form.TEXT, Reply.of("a\nb").form());
        assertEquals(Reply.Form.TEXT, Reply.of("word ".repeat(9)).form());
        assertTrue(Reply.of("{\"label\": \"x\"}").isShort());
    }

    @Test
    void otherToolsHaveAnotherHash() {
        String tools =
                "{\"messages\": [], \"tools\": [{\"function\": {\"name\": \"a\", \"parameters\": {\"x\": %s}}}]}";
        assertNotEquals(
                CallReader.read(tools.formatted(1), null).toolsHash(),
                CallReader.read(tools.formatted(2), null).toolsHash());
    }

    @Test
    void whateverSomebodySendsIsRead() {
        String huge = "x".repeat(100_000);
        assertTrue(CallReader.read(huge, huge).user().length() <= CallReader.LONGEST);
        assertTrue(CallReader.read("{\"prompt\": \"" + huge + " the end\"}", null)
                .user()
                .endsWith("x the end"));
        assertEquals(100_000, CallReader.read(huge, huge).characters());
        assertEquals("", CallReader.read(null, null).user());
        for (String odd : List.of(
                "[]",
                "\"a text\"",
                "null",
                "17",
                "{\"messages\": 3}",
                "{\"messages\": [3, null, \"x\", {\"role\": 1, \"content\": {\"a\": 1}}]}",
                "{\"tools\": {\"a\": 1}}",
                "{\"input\": [1, [2]]}",
                "[".repeat(5_000),
                "{\"a\":".repeat(2_000),
                "\u0000\uD800",
                "{\"messages\": [{\"content\": null}]}")) {
            assertTrue(CallReader.read(odd, odd).characters() >= 0, odd);
        }
    }
}
