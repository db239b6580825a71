package dev.hone.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.model.template.TemplateException;
import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.TokenizedChat;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

final class ChatEncoderTest {
    private static final Map<String, Tokenizer> TOKENIZERS = new HashMap<>();
    private static final Conversation CHAT = Conversation.of(
            ChatMessage.of("user", "One"),
            ChatMessage.of("assistant", "Two"),
            ChatMessage.of("user", "Three"),
            ChatMessage.of("assistant", "Four"));

    @AfterAll
    static void close() {
        TOKENIZERS.values().forEach(Tokenizer::close);
        TOKENIZERS.clear();
    }

    @TestFactory
    Stream<DynamicTest> masksAsTransformersDoes() {
        JsonNode table = ChatMasks.table("chat-masks.json");
        return table.get("rows").valueStream().map(row -> {
            String template = row.get("template").stringValue();
            String conversation = row.get("conversation").stringValue();
            return DynamicTest.dynamicTest(template + ": " + conversation, () -> {
                ChatEncoder encoder = encoder(row);
                Conversation chat =
                        ChatMasks.conversation(table.get("conversations").get(conversation));
                if (row.has("error")) {
                    RuntimeException error = assertThrows(RuntimeException.class, () -> encoder.training(chat));
                    boolean refused = row.get("error").stringValue().equals("template");
                    assertEquals(refused ? TemplateException.class : IllegalArgumentException.class, error.getClass());
                    return;
                }
                TokenizedChat got = encoder.training(chat);
                int[] tokens = ChatMasks.integers(row.get("tokens"));
                assertArrayEquals(tokens, got.tokens());
                assertArrayEquals(ChatMasks.mask(tokens.length, row.get("trained")), got.trained());
                assertEquals(row.get("lastTurnOnly").booleanValue(), got.lastTurnOnly());
            });
        });
    }

    @Test
    void theTableHasMasksOfEachKind() {
        JsonNode rows = ChatMasks.table("chat-masks.json").get("rows");
        assertTrue(rows.valueStream().filter(row -> row.has("tokens")).count() > 150);
        assertTrue(rows.valueStream()
                        .filter(row -> row.path("lastTurnOnly").asBoolean(false))
                        .count()
                >= 8);
        assertTrue(rows.valueStream()
                        .filter(row -> row.get("template").stringValue().endsWith("-training") && row.has("tokens"))
                        .count()
                >= 30);
    }

    @Test
    void trainsTheTurnAndItsEndButNotTheNewlineBehindIt() {
        TokenizedChat chat =
                encoder("byte-level", "smollm2", "<|im_start|>", "<|im_end|>").training(CHAT);
        assertEquals("Two<|im_end|>Four<|im_end|>", trainedText(chat));
        assertFalse(chat.trained()[chat.tokens().length - 1]);
        assertEquals("\n", tokenizer("byte-level").decode(new int[] {chat.tokens()[chat.tokens().length - 1]}, false));
        assertFalse(chat.lastTurnOnly());
    }

    @Test
    void trainsTheTurnToItsEndWhereNoTokenEndsIt() {
        ChatTemplate template = new ChatTemplate(
                "{% for m in messages %}{{ m.role }}: {{ m.content }}\n"
                        + "{% endfor %}{% if add_generation_prompt %}assistant:{% endif %}",
                null, null);
        TokenizedChat chat = new ChatEncoder(template, tokenizer("byte-level")).training(CHAT);
        assertEquals(" Two\n Four\n", trainedText(chat));
    }

    @Test
    void trainsOnlyTheLastTurnWhereTheTemplateRewritesHistory() {
        TokenizedChat chat = encoder("byte-level", "qwen3", null, "<|im_end|>").training(CHAT);
        assertTrue(chat.lastTurnOnly());
        assertEquals("<think>\n\n</think>\n\nFour<|im_end|>", trainedText(chat));
    }

    @Test
    void passesVariablesToPromptAndTraining() {
        Conversation one = new Conversation(CHAT.messages().subList(0, 2), CHAT.tools());
        ChatEncoder thinking = encoder("byte-level", "qwen3", null, "<|im_end|>");
        ChatEncoder plain = new ChatEncoder(
                ChatMasks.template("qwen3", null, "<|im_end|>"),
                tokenizer("byte-level"),
                Map.of("enable_thinking", false));
        assertEquals("<think>\n\n</think>\n\nTwo<|im_end|>", trainedText(thinking.training(one)));
        assertEquals("Two<|im_end|>", trainedText(plain.training(one)));
        Conversation question = new Conversation(CHAT.messages().subList(0, 1), CHAT.tools());
        int[] prompt = plain.prompt(question);
        assertTrue(tokenizer("byte-level").decode(prompt, false).endsWith("assistant\n<think>\n\n</think>\n\n"));
        assertArrayEquals(prompt, Arrays.copyOf(plain.training(one).tokens(), prompt.length));
    }

    @Test
    void leavesOutWhatFollowsTheLastTurnOfTheAssistant() {
        ChatEncoder encoder = encoder("byte-level", "smollm2", "<|im_start|>", "<|im_end|>");
        Conversation longer = new Conversation(
                Stream.concat(CHAT.messages().stream(), Stream.of(ChatMessage.of("user", "Five")))
                        .toList(),
                CHAT.tools());
        assertArrayEquals(
                encoder.training(CHAT).tokens(), encoder.training(longer).tokens());
    }

    @Test
    void trainsEachTokenThatTouchesAMark() {
        ChatTemplate template = new ChatTemplate(
                "{% for m in messages %}{% generation %}{{ m.content }}{% endgeneration %}{% endfor %}|", null, null);
        Conversation emoji = Conversation.of(ChatMessage.of("assistant", "a👩‍👩‍👧"));
        TokenizedChat chat = new ChatEncoder(template, tokenizer("byte-level")).training(emoji);
        assertEquals("a👩‍👩‍👧", trainedText(chat));
        ChatTemplate inWord = new ChatTemplate("{% generation %}assist{% endgeneration %}ant", null, null);
        TokenizedChat straddling = new ChatEncoder(inWord, tokenizer("byte-level")).training(emoji);
        assertTrue(trainedText(straddling).startsWith("assist"));
    }

    @Test
    void countsWhiteSpaceThatATokenizerTrimsOffItsSpans() {
        ChatTemplate template = new ChatTemplate(
                "<s>\n{% for m in messages %}{% generation %}{{ m.content }}{% endgeneration %}</s>{% endfor %}",
                null, null);
        ChatEncoder encoder = new ChatEncoder(template, tokenizer("byte-level-trimmed"));
        for (String content : List.of(" x ", "x \n", " 日 ", " x\n y", "x")) {
            TokenizedChat chat = encoder.training(Conversation.of(ChatMessage.of("assistant", content)));
            boolean[] allButTheMarks = new boolean[chat.tokens().length];
            Arrays.fill(allButTheMarks, 2, allButTheMarks.length - 1, true);
            assertArrayEquals(allButTheMarks, chat.trained(), () -> "[" + content + "]");
        }
    }

    @Test
    void refusesWhatCannotBeTrained() {
        ChatEncoder encoder = encoder("byte-level", "smollm2", "<|im_start|>", "<|im_end|>");
        assertMessage("has none of the assistant", encoder, Conversation.of(ChatMessage.of("user", "x")));
        assertMessage(
                "What the assistant writes in turn [2] cannot be told from its prompt",
                encoder,
                Conversation.of(ChatMessage.of("user", "x"), ChatMessage.of("assistant", "\n\ny")));
        ChatTemplate hidden = new ChatTemplate(
                "{% macro m() %}{% generation %}x{% endgeneration %}{% endmacro %}{{ m() }}", null, null);
        assertMessage("[generation] in a macro", new ChatEncoder(hidden, tokenizer("byte-level")), CHAT);
    }

    private static void assertMessage(String part, ChatEncoder encoder, Conversation chat) {
        IllegalArgumentException error = assertThrows(IllegalArgumentException.class, () -> encoder.training(chat));
        assertTrue(error.getMessage().contains(part), error.getMessage());
    }

    /** What the trained tokens say together. */
    private static String trainedText(TokenizedChat chat) {
        int[] trained = IntStream.range(0, chat.tokens().length)
                .filter(i -> chat.trained()[i])
                .map(i -> chat.tokens()[i])
                .toArray();
        assertEquals(trained.length, chat.trainedTokens());
        return tokenizer("byte-level").decode(trained, false);
    }

    private static ChatEncoder encoder(JsonNode row) {
        return encoder(
                row.get("tokenizer").stringValue(),
                row.get("template").stringValue(),
                row.get("bos").isNull() ? null : row.get("bos").stringValue(),
                row.get("eos").stringValue());
    }

    private static ChatEncoder encoder(String tokenizer, String template, @Nullable String bos, String eos) {
        return new ChatEncoder(ChatMasks.template(template, bos, eos), tokenizer(tokenizer));
    }

    private static Tokenizer tokenizer(String kind) {
        return TOKENIZERS.computeIfAbsent(kind, ChatMasks::tokenizer);
    }
}
