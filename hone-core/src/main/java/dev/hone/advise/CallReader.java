package dev.hone.advise;

import dev.hone.advise.SeenCall.Said;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads requests and answers of OpenAI's forms (chat, completions, responses, and imported rows) as far as advice needs them. What cannot
 * be read is no fault: it is a text, or nothing.
 */
public final class CallReader {
    /** More of a text tells no two jobs apart. */
    static final int LONGEST = 4_000;

    /** Of a question its beginning and its end, where instructions may stand. */
    private static final int BEGINNING = 1_500;

    private static final int END = 500;

    private CallReader() {}

    /**
     * What was asked and answered.
     *
     * @param request null where it is gone
     * @param response null where there was none, or it is gone
     */
    public static Said read(@Nullable String request, @Nullable String response) {
        JsonNode asked = parsed(request);
        Reply reply = reply(response);
        if (asked == null || !asked.isObject()) {
            String text = request == null ? "" : request;
            return new Said("", ends(text), List.of(), 0, text.length(), 0, 0, reply);
        }
        Turns turns = new Turns();
        turns.add("system", asked.path("instructions"));
        for (JsonNode message : asked.path("messages")) {
            turns.add(message.path("role").asString(""), message.path("content"));
        }
        for (String key : List.of("input", "prompt")) {
            turns.input(asked.path(key));
        }
        JsonNode tools = asked.has("tools") ? asked.path("tools") : asked.path("functions");
        TreeSet<String> names = new TreeSet<>();
        for (JsonNode tool : tools) {
            String name = tool.path("function")
                    .path("name")
                    .asString(tool.path("name").asString(""));
            if (!name.isBlank()) {
                names.add(cut(name));
            }
        }
        String written = names.isEmpty() ? "" : tools.toString();
        return new Said(
                cut(turns.system.toString()),
                ends(turns.user),
                List.copyOf(names),
                hash(written),
                turns.characters + written.length(),
                turns.system.length(),
                written.length(),
                reply);
    }

    /** The turns of a request. */
    private static final class Turns {
        private final StringBuilder system = new StringBuilder();
        private String user = "";
        private long characters;

        void add(String role, JsonNode content) {
            String text = text(content);
            characters += text.length();
            if (role.equals("system") || role.equals("developer")) {
                system.append(system.isEmpty() ? "" : "\n").append(text);
            } else if (user.isBlank() && !role.equals("assistant") && !role.equals("tool")) {
                user = text;
            }
        }

        /** A text, texts, or turns. */
        void input(JsonNode input) {
            if (input.isString()) {
                add("user", input);
                return;
            }
            for (JsonNode item : input) {
                if (item.isString()) {
                    add("user", item);
                } else {
                    add(item.path("role").asString("user"), item.path("content"));
                }
            }
        }
    }

    /** A text, or the texts of the parts of one. */
    private static String text(JsonNode content) {
        if (content.isString()) {
            return content.stringValue();
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode part : content) {
            JsonNode said = part.isString() ? part : part.path("text");
            if (said.isString()) {
                text.append(text.isEmpty() ? "" : "\n").append(said.stringValue());
            }
        }
        return text.toString();
    }

    private static Reply reply(@Nullable String response) {
        JsonNode answer = parsed(response);
        if (response == null || response.isBlank()) {
            return Reply.NONE;
        }
        if (answer == null || !answer.isObject()) {
            return Reply.of(answer != null && answer.isString() ? answer.stringValue() : response);
        }
        if (answer.has("output")) {
            return items(answer.path("output"));
        }
        JsonNode choice = answer.path("choices").path(0);
        JsonNode message = choice.has("message") ? choice.path("message") : choice.isMissingNode() ? answer : choice;
        Reply called = called(message.path("tool_calls"));
        if (called != null) {
            return called;
        }
        if (message.path("function_call").has("name")) {
            return new Reply(
                    Reply.Form.CALL,
                    cut(message.path("function_call").path("name").asString("")));
        }
        return Reply.of(text(message.has("content") ? message.path("content") : message.path("text")));
    }

    /** Of the responses' form. */
    private static Reply items(JsonNode output) {
        TreeSet<String> names = new TreeSet<>();
        StringBuilder text = new StringBuilder();
        for (JsonNode item : output) {
            if (item.path("type").asString("").equals("function_call")) {
                names.add(item.path("name").asString(""));
            } else {
                text.append(text(item.path("content")));
            }
        }
        return names.isEmpty() ? Reply.of(text.toString()) : new Reply(Reply.Form.CALL, cut(String.join(",", names)));
    }

    private static @Nullable Reply called(JsonNode calls) {
        List<String> names = new ArrayList<>();
        for (JsonNode call : calls) {
            names.add(call.path("function").path("name").asString(""));
        }
        return names.isEmpty() ? null : new Reply(Reply.Form.CALL, cut(String.join(",", new TreeSet<>(names))));
    }

    private static @Nullable JsonNode parsed(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return null;
        }
        try {
            return JsonMapper.shared().readTree(text);
        } catch (JacksonException e) {
            return null;
        }
    }

    private static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    }

    private static String ends(String text) {
        return text.length() <= BEGINNING + END
                ? text
                : text.substring(0, BEGINNING) + " " + text.substring(text.length() - END);
    }

    private static long hash(String text) {
        if (text.isEmpty()) {
            return 0;
        }
        CRC32C sum = new CRC32C();
        sum.update(text.getBytes(StandardCharsets.UTF_8));
        return (long) text.length() << 32 | sum.getValue();
    }
}
