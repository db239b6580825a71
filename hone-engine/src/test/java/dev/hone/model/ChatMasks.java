package dev.hone.model;

import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.ToolCall;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What {@code goldens/templates/make_masks.py} and {@code make_table.py} wrote, and the templates that they used. */
final class ChatMasks {
    static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-24T09:05:07Z"), ZoneOffset.UTC);

    private ChatMasks() {}

    static JsonNode table(String resource) {
        return JsonMapper.shared().readTree(text(resource));
    }

    static ChatTemplate template(String name, @Nullable String bos, @Nullable String eos) {
        return new ChatTemplate(text("template/sources/" + name + ".jinja"), bos, eos, CLOCK);
    }

    static Tokenizer tokenizer(String kind) {
        String resource = "chat-" + kind + ".json";
        return Tokenizer.parse(text(resource), Path.of(resource));
    }

    static Conversation conversation(JsonNode given) {
        List<ChatMessage> messages =
                given.get("messages").valueStream().map(ChatMasks::message).toList();
        return new Conversation(
                messages,
                given.get("tools").valueStream().map(JsonNode::toString).toList());
    }

    private static ChatMessage message(JsonNode message) {
        List<ToolCall> calls = message.path("tool_calls")
                .valueStream()
                .map(call -> new ToolCall(
                        call.path("id").asString(""),
                        call.path("function").path("name").stringValue(),
                        call.path("function").path("arguments").toString()))
                .toList();
        return new ChatMessage(
                message.get("role").stringValue(),
                message.path("content").asString(""),
                calls,
                message.path("tool_call_id").asString(""),
                message.path("name").asString(""));
    }

    static int[] integers(JsonNode array) {
        return array.valueStream().mapToInt(JsonNode::intValue).toArray();
    }

    /** A mask from its runs, each {@code [begin, end]}. */
    static boolean[] mask(int length, JsonNode runs) {
        boolean[] mask = new boolean[length];
        runs.valueStream()
                .forEach(run ->
                        Arrays.fill(mask, run.get(0).intValue(), run.get(1).intValue(), true));
        return mask;
    }

    private static String text(String resource) {
        try (InputStream in = ChatMasks.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new AssertionError("no [" + resource + "] among the test resources");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
