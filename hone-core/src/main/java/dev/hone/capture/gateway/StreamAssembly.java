package dev.hone.capture.gateway;

import dev.hone.capture.JsonValues;
import dev.hone.record.CapturedCall;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A streamed answer as the whole one that it would have been without streaming. */
public final class StreamAssembly {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String DATA = "data:";

    /** Of a stream that is put together: twice as many as the longest of usual events has. */
    static final long MOST_VALUES = 4_000_000;

    private final ObjectNode whole = JSON.createObjectNode();
    private final TreeMap<Integer, Choice> choices = new TreeMap<>();
    private final JoinedTexts texts = new JoinedTexts();
    private boolean chunks;

    /** What the last event has that tells of a whole response; null where none does. */
    private @Nullable ObjectNode response;

    private StreamAssembly() {}

    /**
     * Of chat completions, completions or responses.
     *
     * @param events as they passed, perhaps cut off at their end
     * @return empty where they are nothing of the kind, or have more values than there is room for
     */
    static Optional<ObjectNode> of(byte[] events) {
        if (JsonValues.in(events) > MOST_VALUES) {
            return Optional.empty();
        }
        StreamAssembly assembly = new StreamAssembly();
        new String(events, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith(DATA))
                .forEach(line -> assembly.add(line.substring(DATA.length())));
        return assembly.assembled();
    }

    /** The same call with its streamed answer put together; as it is where there is nothing of the kind. */
    public static CapturedCall whole(CapturedCall call) {
        Optional<ObjectNode> answer = call.facts().stream() ? of(call.response()) : Optional.empty();
        return answer.map(object -> new CapturedCall(
                        call.facts(), call.request(), object.toString().getBytes(StandardCharsets.UTF_8)))
                .orElse(call);
    }

    private void add(String data) {
        try {
            add(JSON.readTree(data));
        } catch (JacksonException e) {
            // The line that ends the stream, or one that was cut off.
        }
    }

    private void add(JsonNode event) {
        if (event.path("type").asString("").startsWith("response.")
                && event.path("response") instanceof ObjectNode said) {
            response = said;
        }
        chunks |= event.path("choices").isArray();
        for (Map.Entry<String, JsonNode> member : event.properties()) {
            boolean known =
                    member.getKey().equals("choices") || member.getValue().isNull();
            if (!known) {
                whole.set(member.getKey(), member.getValue());
            }
        }
        for (JsonNode choice : event.path("choices")) {
            choices.computeIfAbsent(choice.path("index").asInt(0), index -> new Choice(texts))
                    .add(choice);
        }
    }

    private Optional<ObjectNode> assembled() {
        if (response != null) {
            return Optional.of(response);
        }
        if (!chunks) {
            return Optional.empty();
        }
        String object = whole.path("object").asString("");
        if (object.endsWith(".chunk")) {
            whole.put("object", object.substring(0, object.length() - ".chunk".length()));
        }
        texts.end();
        ArrayNode list = whole.putArray("choices");
        choices.forEach((index, choice) -> list.add(choice.whole(index)));
        return Optional.of(whole);
    }

    /** One of the answers, growing. */
    private static final class Choice {
        private final ObjectNode message = JSON.createObjectNode();
        private final StringBuilder content = new StringBuilder();
        private final StringBuilder refusal = new StringBuilder();
        private final StringBuilder text = new StringBuilder();
        private final TreeMap<Integer, Call> calls = new TreeMap<>();
        private final Map<String, StringBuilder> others = new LinkedHashMap<>();
        private final ObjectNode beside = JSON.createObjectNode();
        private final JoinedTexts texts;
        private JsonNode finish = JSON.nullNode();

        Choice(JoinedTexts texts) {
            this.texts = texts;
        }

        void add(JsonNode choice) {
            choice.properties().forEach(member -> {
                switch (member.getKey()) {
                    case "index" -> {}
                    case "delta" -> addDelta(member.getValue());
                    case "text" -> text.append(member.getValue().asString(""));
                    case "finish_reason" -> finish = member.getValue().isString() ? member.getValue() : finish;
                    default -> texts.join(beside, member.getKey(), member.getValue());
                }
            });
        }

        private void addDelta(JsonNode delta) {
            delta.properties().forEach(member -> {
                switch (member.getKey()) {
                    case "content" -> content.append(member.getValue().asString(""));
                    case "refusal" -> refusal.append(member.getValue().asString(""));
                    case "tool_calls" ->
                        member.getValue()
                                .forEach(call -> calls.computeIfAbsent(
                                                call.path("index").asInt(0), index -> new Call())
                                        .add(call));
                    case "role" -> message.set("role", member.getValue());
                    default -> {
                        if (member.getValue().isString()) {
                            others.computeIfAbsent(member.getKey(), name -> new StringBuilder())
                                    .append(member.getValue().asString());
                        } else {
                            texts.join(message, member.getKey(), member.getValue());
                        }
                    }
                }
            });
        }

        ObjectNode whole(int index) {
            ObjectNode whole = JSON.createObjectNode().put("index", index);
            if (!text.isEmpty()) {
                whole.put("text", text.toString());
            } else {
                if (content.isEmpty() && !calls.isEmpty()) {
                    message.putNull("content");
                } else {
                    message.put("content", content.toString());
                }
                if (!refusal.isEmpty()) {
                    message.put("refusal", refusal.toString());
                }
                if (!calls.isEmpty()) {
                    ArrayNode list = message.putArray("tool_calls");
                    calls.values().forEach(call -> list.add(call.whole()));
                }
                others.forEach((name, said) -> message.put(name, said.toString()));
                whole.set("message", message);
            }
            whole.setAll(beside);
            whole.set("finish_reason", finish);
            return whole;
        }
    }

    /** A call of a tool, growing. */
    private static final class Call {
        private final ObjectNode call = JSON.createObjectNode();
        private final StringBuilder name = new StringBuilder();
        private final StringBuilder arguments = new StringBuilder();

        void add(JsonNode delta) {
            delta.properties().forEach(member -> {
                switch (member.getKey()) {
                    case "index" -> {}
                    case "function" -> {
                        name.append(member.getValue().path("name").asString(""));
                        arguments.append(member.getValue().path("arguments").asString(""));
                    }
                    default -> call.set(member.getKey(), member.getValue());
                }
            });
        }

        ObjectNode whole() {
            call.putObject("function").put("name", name.toString()).put("arguments", arguments.toString());
            return call;
        }
    }
}
