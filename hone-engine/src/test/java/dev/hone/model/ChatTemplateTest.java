package dev.hone.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.model.template.TemplateException;
import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class ChatTemplateTest {
    /** A turn that only calls tools has an empty content in the record; these have none, and are told apart by some. */
    private static final Set<String> CONTENT_MISSING =
            Set.of("tool call", "tool response", "tool round", "two tool calls");

    @TestFactory
    Stream<DynamicTest> writesConversationsAsTransformersDoes() {
        JsonNode table = ChatMasks.table("template/templates.json");
        return table.get("rows")
                .valueStream()
                .filter(row -> row.has("text")
                        || !CONTENT_MISSING.contains(row.get("conversation").stringValue()))
                .map(row -> DynamicTest.dynamicTest(
                        row.get("template").stringValue() + ": "
                                + row.get("conversation").stringValue(),
                        () -> check(row, table.get("conversations"))));
    }

    @SuppressWarnings("unchecked")
    private static void check(JsonNode row, JsonNode conversations) {
        JsonNode given = conversations.get(row.get("conversation").stringValue());
        ChatTemplate template = ChatMasks.template(
                row.get("template").stringValue(),
                row.get("bos").stringValue(),
                row.get("eos").stringValue());
        Conversation conversation = ChatMasks.conversation(given);
        Map<String, Object> variables = JsonMapper.shared().convertValue(given.get("extra"), Map.class);
        boolean prompt = row.get("prompt").booleanValue();
        if (row.has("error")) {
            assertThrows(TemplateException.class, () -> template.render(conversation, prompt, variables));
        } else {
            assertEquals(row.get("text").stringValue(), template.render(conversation, prompt, variables));
        }
    }

    @Test
    void leavesATokenThatTheModelLacksUndefined() {
        ChatTemplate template = new ChatTemplate("[{{ bos_token }}]{{ eos_token is defined }}", null, null);
        assertEquals("[]False", template.render(Conversation.of(), false));
        assertEquals("[<s>]True", new ChatTemplate(template.source(), "<s>", "</s>").render(Conversation.of(), false));
    }

    @Test
    void refusesArgumentsAndToolsThatAreNoObjects() {
        ChatTemplate template = new ChatTemplate("", null, null);
        for (String arguments : List.of("", "not json", "[1]", "{\"a\":")) {
            ChatMessage calling =
                    new ChatMessage("assistant", "", List.of(new ToolCall("", "get_weather", arguments)), "", "");
            IllegalArgumentException error = assertThrows(
                    IllegalArgumentException.class, () -> template.render(Conversation.of(calling), false));
            assertTrue(
                    error.getMessage().startsWith("The arguments of a call of [get_weather] must be a JSON object"),
                    error.getMessage());
            IllegalArgumentException tool = assertThrows(
                    IllegalArgumentException.class,
                    () -> template.render(new Conversation(List.of(), List.of("{}", arguments)), false));
            assertTrue(tool.getMessage().startsWith("Tool [2] must be a JSON object"), tool.getMessage());
        }
    }

    @Test
    void isUsedByManyThreadsAtOnce() throws Exception {
        ChatTemplate template = ChatMasks.template("llama-3.2", "<s>", "</s>");
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<Boolean>> results = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                String content = "message " + i;
                Conversation conversation = Conversation.of(ChatMessage.of("user", content));
                String alone = template.render(conversation, true);
                assertTrue(alone.contains(content));
                results.add(
                        threads.submit(() -> template.render(conversation, true).equals(alone)));
            }
            for (Future<Boolean> result : results) {
                assertTrue(result.get());
            }
        }
    }
}
