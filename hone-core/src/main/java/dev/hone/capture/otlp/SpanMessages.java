package dev.hone.capture.otlp;

import dev.hone.capture.JsonValues;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The turns that a span tells, in OpenAI's form, by whichever convention it follows. */
final class SpanMessages {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int MOST_MESSAGES = 10_000;

    private final ReceivedSpan span;

    SpanMessages(ReceivedSpan span) {
        this.span = span;
    }

    /** What was asked; empty where the span does not say. */
    ArrayNode asked() {
        ArrayNode messages = JSON.createArrayNode();
        JsonNode system = document(span.attributes().get(GenAi.SYSTEM_INSTRUCTIONS));
        if (system.isArray() && !system.isEmpty()) {
            messages.addAll(turns("system", system));
        }
        said(GenAi.INPUT_MESSAGES, GenAi.PROMPT, "user").forEach(messages::add);
        return messages;
    }

    /** What was answered, each a message with its {@code finish_reason} beside it where that is known. */
    List<Answer> answered() {
        JsonNode reasons = span.attributes().getOrDefault(GenAi.FINISH_REASONS, JSON.createArrayNode());
        ArrayNode messages = said(GenAi.OUTPUT_MESSAGES, GenAi.COMPLETION, "assistant");
        return messages.valueStream()
                .map(message -> (ObjectNode) message)
                .map(message -> {
                    JsonNode own = message.remove("finish_reason");
                    return new Answer(message, own == null ? null : own.asString(""));
                })
                .map(answer -> answer.reason() == null && reasons.size() == 1
                        ? new Answer(answer.message(), reasons.path(0).asString(""))
                        : answer)
                .toList();
    }

    record Answer(ObjectNode message, @Nullable String reason) {}

    /** Tools that were offered, in OpenAI's form. */
    ArrayNode tools() {
        ArrayNode tools = JSON.createArrayNode();
        for (JsonNode tool : document(span.attributes().get(GenAi.TOOL_DEFINITIONS))) {
            if (tool.has("function") || !tool.isObject()) {
                tools.add(tool);
            } else {
                ObjectNode function = ((ObjectNode) tool.deepCopy());
                function.remove("type");
                tools.addObject().put("type", "function").set("function", function);
            }
        }
        return tools;
    }

    private ArrayNode said(String newer, String older, String role) {
        JsonNode messages = document(span.attributes().get(newer));
        if (messages.isArray()) {
            ArrayNode all = JSON.createArrayNode();
            for (JsonNode message : messages) {
                ArrayNode turns = turns(message.path("role").asString(role), message.path("parts"));
                if (message.path("finish_reason").isString() && !turns.isEmpty()) {
                    ((ObjectNode) turns.path(turns.size() - 1)).set("finish_reason", message.path("finish_reason"));
                }
                all.addAll(turns);
            }
            return all;
        }
        ArrayNode told = whole(older, role).orElseGet(() -> indexed(older, role));
        if (!told.isEmpty()) {
            return told;
        }
        return newer.equals(GenAi.OUTPUT_MESSAGES)
                ? MessageEvents.answered(span.events())
                : MessageEvents.asked(span.events());
    }

    /** One attribute, of the span or of an event, has all of it. */
    private Optional<ArrayNode> whole(String name, String role) {
        JsonNode value = span.attributes().get(name);
        for (ReceivedSpan.Event event : span.events()) {
            value = value == null ? event.attributes().get(name) : value;
        }
        if (value == null || value.isNull()) {
            return Optional.empty();
        }
        JsonNode document = document(value);
        ArrayNode messages = JSON.createArrayNode();
        if (document.isArray() || document.isObject()) {
            for (JsonNode one :
                    document.isArray() ? document : JSON.createArrayNode().add(document)) {
                messages.add(
                        one instanceof ObjectNode message && (message.has("content") || message.has("tool_calls"))
                                ? withRole(message.deepCopy(), role)
                                : text(role, one.isString() ? one.asString() : one.toString()));
            }
        } else {
            messages.add(text(role, value.asString("")));
        }
        return Optional.of(messages);
    }

    private static ObjectNode withRole(ObjectNode message, String role) {
        return message.path("role").isString() ? message : message.put("role", role);
    }

    private static ObjectNode text(String role, String content) {
        return JSON.createObjectNode().put("role", role).put("content", content);
    }

    /** {@code gen_ai.prompt.0.role}, {@code gen_ai.prompt.0.tool_calls.0.name} and so on. */
    private ArrayNode indexed(String prefix, String role) {
        Pattern name = Pattern.compile(Pattern.quote(prefix)
                + "\\.(\\d{1,5})\\.(role|content|finish_reason|tool_calls\\.(\\d{1,3})\\.(id|name|arguments))");
        TreeMap<Integer, ObjectNode> messages = new TreeMap<>();
        TreeMap<Integer, TreeMap<Integer, ObjectNode>> calls = new TreeMap<>();
        span.attributes().forEach((attribute, value) -> {
            Matcher match = name.matcher(attribute);
            if (match.matches() && messages.size() < MOST_MESSAGES) {
                int index = Integer.parseInt(match.group(1));
                ObjectNode message = messages.computeIfAbsent(index, made -> text(role, ""));
                if (match.group(3) == null) {
                    message.put(match.group(2), value.isString() ? value.asString() : value.toString());
                } else {
                    calls.computeIfAbsent(index, made -> new TreeMap<>())
                            .computeIfAbsent(Integer.parseInt(match.group(3)), made -> JSON.createObjectNode())
                            .set(match.group(4), value);
                }
            }
        });
        calls.forEach((index, made) -> {
            ObjectNode message = messages.getOrDefault(index, text(role, ""));
            ArrayNode list = message.putArray("tool_calls");
            made.values().forEach(call -> list.add(call(call)));
        });
        ArrayNode all = JSON.createArrayNode();
        messages.values().forEach(all::add);
        return all;
    }

    /** The parts of a message as a message; what tools gave is a turn of its own. */
    private static ArrayNode turns(String role, JsonNode parts) {
        ArrayNode turns = JSON.createArrayNode();
        ObjectNode message = JSON.createObjectNode().put("role", role);
        StringBuilder content = new StringBuilder();
        StringBuilder reasoning = new StringBuilder();
        ArrayNode calls = JSON.createArrayNode();
        ArrayNode others = JSON.createArrayNode();
        for (JsonNode part : parts) {
            switch (part.path("type").asString("")) {
                case "text" -> content.append(part.path("content").asString(""));
                case "reasoning" -> reasoning.append(part.path("content").asString(""));
                case "tool_call" -> calls.add(call(part));
                case "tool_call_response" -> turns.add(result(part));
                default -> others.add(part);
            }
        }
        boolean spoken = !content.isEmpty() || !calls.isEmpty() || !others.isEmpty() || !reasoning.isEmpty();
        if (!spoken && !turns.isEmpty()) {
            return turns;
        }
        if (!others.isEmpty()) {
            ArrayNode list = message.putArray("content");
            if (!content.isEmpty()) {
                list.addObject().put("type", "text").put("text", content.toString());
            }
            list.addAll(others);
        } else if (content.isEmpty() && !calls.isEmpty()) {
            message.putNull("content");
        } else {
            message.put("content", content.toString());
        }
        if (!reasoning.isEmpty()) {
            message.put("reasoning_content", reasoning.toString());
        }
        if (!calls.isEmpty()) {
            message.set("tool_calls", calls);
        }
        return turns.add(message);
    }

    static ObjectNode call(JsonNode part) {
        JsonNode arguments = part.path("arguments");
        ObjectNode call = JSON.createObjectNode();
        if (part.path("id").isString()) {
            call.set("id", part.path("id"));
        }
        call.put("type", "function")
                .putObject("function")
                .put("name", part.path("name").asString(""))
                .put(
                        "arguments",
                        arguments.isString()
                                ? arguments.asString()
                                : arguments.isMissingNode() ? "{}" : arguments.toString());
        return call;
    }

    private static ObjectNode result(JsonNode part) {
        JsonNode said = part.has("response") ? part.path("response") : part.path("result");
        return JSON.createObjectNode()
                .put("role", "tool")
                .put("tool_call_id", part.path("id").asString(""))
                .put("content", said.isString() ? said.asString() : said.toString());
    }

    /** A value that may be JSON in a text; one of more values than there is room for is left a text. */
    static JsonNode document(@Nullable JsonNode value) {
        if (value == null) {
            return JSON.missingNode();
        }
        if (!value.isString()) {
            return value;
        }
        try {
            String text = value.asString();
            return JsonValues.in(text) > SpanReader.MOST_VALUES ? value : JSON.readTree(text);
        } catch (JacksonException e) {
            return value;
        }
    }
}
