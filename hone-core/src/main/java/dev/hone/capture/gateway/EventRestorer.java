package dev.hone.capture.gateway;

import dev.hone.capture.redact.Restorer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Puts originals back into a stream of server-sent events, also where a token comes in the pieces of several: the beginning of what
 * may be a token waits for its end, at the latest for the end of its text. Of one answer, on one thread.
 */
final class EventRestorer {
    private static final String DATA = "data:";

    private final AnswerRestorer answers;
    private final ByteArrayOutputStream event = new ByteArrayOutputStream();
    private final Map<Place, Growing> texts = new LinkedHashMap<>();
    private boolean blank = true;

    /** Where a text grows: in a choice (or item) of an answer, a member of it, and a call of a tool (-1 for none). */
    private record Place(String choice, String member, int call) {}

    /** @param template an event that carries a piece of it */
    private record Growing(Restorer restorer, ObjectNode template) {}

    EventRestorer(AnswerRestorer answers) {
        this.answers = answers;
    }

    /** The next bytes; what comes back are whole events. */
    byte[] push(byte[] piece, int length) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < length; i++) {
            event.write(piece[i]);
            if (piece[i] == '\n') {
                if (blank) {
                    out.writeBytes(restored(event.toByteArray()));
                    event.reset();
                }
                blank = true;
            } else if (piece[i] != '\r') {
                blank = false;
            }
        }
        return out.toByteArray();
    }

    /** What is left, at the end of the answer. */
    byte[] end() {
        return restored(event.toByteArray());
    }

    private byte[] restored(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        StringBuilder data = new StringBuilder();
        List<String> others = new ArrayList<>();
        text.lines().forEach(line -> {
            if (line.startsWith(DATA)) {
                data.append(line, DATA.length(), line.length()).append('\n');
            } else if (!line.isEmpty()) {
                others.add(line);
            }
        });
        try {
            if (!(JsonMapper.shared().readTree(data.toString()) instanceof ObjectNode object)) {
                return bytes;
            }
            List<ObjectNode> events = object.path("choices").isArray() ? chunk(object) : typed(object);
            StringBuilder out = new StringBuilder();
            for (ObjectNode one : events) {
                if (one == events.getLast()) {
                    others.forEach(line -> out.append(line).append('\n'));
                } else if (one.path("type").isString()) {
                    out.append("event: ").append(one.path("type").stringValue()).append('\n');
                }
                out.append(DATA).append(' ').append(one).append("\n\n");
            }
            return out.toString().getBytes(StandardCharsets.UTF_8);
        } catch (JacksonException e) {
            return bytes;
        }
    }

    /** Of chat completions and completions: pieces are in the choices. */
    private List<ObjectNode> chunk(ObjectNode chunk) {
        List<ObjectNode> events = new ArrayList<>();
        for (JsonNode choice : chunk.path("choices")) {
            if (!(choice instanceof ObjectNode object)) {
                continue;
            }
            String index = String.valueOf(choice.path("index").asInt(0));
            ObjectNode template = without(chunk, index);
            grow(object, index, "text", template);
            if (choice.path("delta") instanceof ObjectNode delta) {
                delta.propertyNames().forEach(member -> grow(delta, index, member, template));
                for (JsonNode call : delta.path("tool_calls")) {
                    if (call.path("function") instanceof ObjectNode function) {
                        grow(function, index, "arguments", call.path("index").asInt(0), template);
                    }
                }
            }
            if (choice.path("finish_reason").isString()) {
                flush(index, events);
            }
        }
        events.add(chunk);
        return events;
    }

    private static ObjectNode without(ObjectNode chunk, String index) {
        ObjectNode template = chunk.deepCopy();
        template.remove("usage");
        template.putArray("choices")
                .addObject()
                .put("index", Integer.parseInt(index))
                .putNull("finish_reason");
        return template;
    }

    private void grow(ObjectNode owner, String choice, String member, ObjectNode template) {
        grow(owner, choice, member, -1, template);
    }

    private void grow(ObjectNode owner, String choice, String member, int call, ObjectNode template) {
        if (owner.path(member).isString() && !member.equals("role")) {
            Growing growing = texts.computeIfAbsent(
                    new Place(choice, member, call), place -> new Growing(answers.text(member), template));
            owner.put(member, growing.restorer().push(owner.path(member).stringValue()));
        }
    }

    /** What a choice's texts hold back, each as an event of its own. */
    private void flush(String choice, List<ObjectNode> events) {
        texts.forEach((place, growing) -> {
            String rest = place.choice().equals(choice) ? growing.restorer().end() : "";
            if (!rest.isEmpty()) {
                ObjectNode event = growing.template().deepCopy();
                put(event, place, rest);
                events.add(event);
            }
        });
    }

    private static void put(ObjectNode event, Place place, String rest) {
        if (event.path("choices").path(0) instanceof ObjectNode choice) {
            if (place.call() >= 0) {
                choice.putObject("delta")
                        .putArray("tool_calls")
                        .addObject()
                        .put("index", place.call())
                        .putObject("function")
                        .put(place.member(), rest);
            } else if (place.member().equals("text")) {
                choice.put("text", rest);
            } else {
                choice.putObject("delta").put(place.member(), rest);
            }
        } else {
            event.put("delta", rest);
        }
    }

    /** Of responses: pieces are in the member {@code delta} of events that say of which item they are. */
    private List<ObjectNode> typed(ObjectNode event) {
        List<ObjectNode> events = new ArrayList<>();
        String type = event.path("type").asString("");
        String item = event.path("item_id").asString("") + " "
                + event.path("content_index").asString("");
        if (type.endsWith(".delta") && event.path("delta").isString()) {
            String member = type.contains("arguments") ? "arguments" : "delta";
            Growing growing = texts.computeIfAbsent(
                    new Place(item, member, -1), place -> new Growing(answers.text(member), event.deepCopy()));
            event.put("delta", growing.restorer().push(event.path("delta").stringValue()));
            events.add(event);
            return events;
        }
        if (type.endsWith(".done")) {
            flush(item, events);
        }
        @Nullable JsonNode whole = answers.document("", event);
        events.add((ObjectNode) whole);
        return events;
    }
}
