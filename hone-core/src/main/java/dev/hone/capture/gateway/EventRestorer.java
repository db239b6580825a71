package dev.hone.capture.gateway;

import dev.hone.capture.redact.Restorer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Puts originals back into a stream of server-sent events, also where a token comes in the pieces of several: the beginning of what
 * may be a token waits for its end, at the latest for the end of its text or of the answer. Lines end with LF, CRLF or CR. Beyond the first
 * texts of a stream, tokens are put back only where a piece has them whole. Of one answer, on one thread.
 */
final class EventRestorer {
    private static final String DATA = "data:";
    private static final String DONE = "[DONE]";

    /** Texts of which the beginning of a token may wait: callers get 128 choices at most. */
    static final int MOST_TEXTS = 10_000;

    /** Of an event, members that are repeated in those that it needs beside. */
    private static final int MOST_REPEATED = 16;

    /** Of all of these. */
    private static final int MOST_REPEATED_CHARACTERS = 2_000;

    private final AnswerRestorer answers;
    private final ByteArrayOutputStream event = new ByteArrayOutputStream();

    /** By the choice that they belong to. */
    private final Map<String, Map<Place, Growing>> texts = new LinkedHashMap<>();

    private int followed;
    private boolean blank = true;
    private boolean afterReturn;

    /**
     * Where a text grows.
     *
     * @param choice (or item) of an answer
     * @param parent member of the choice's delta that has it: a call of a tool, by a member of it; empty for the delta itself
     * @param member that it is
     * @param call its index; -1 of what is in no list of calls
     */
    private record Place(String choice, String parent, String member, int call) {}

    /** @param template an event that carries a piece of it, and has no choices where it is told by them */
    private record Growing(Restorer restorer, ObjectNode template) {}

    EventRestorer(AnswerRestorer answers) {
        this.answers = answers;
    }

    /** The next bytes; what comes back are whole events. */
    byte[] push(byte[] piece, int length) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < length; i++) {
            boolean ends = piece[i] == '\n' || piece[i] == '\r';
            if (piece[i] == '\n' && afterReturn) {
                // The second half of a line's end, which the first has brought about.
                afterReturn = false;
                continue;
            }
            event.write(piece[i]);
            afterReturn = piece[i] == '\r';
            if (ends && blank) {
                out.writeBytes(restored(event.toByteArray()));
                event.reset();
            }
            blank = ends;
        }
        return out.toByteArray();
    }

    /** What is left, at the end of the answer. */
    byte[] end() {
        byte[] bytes = event.toByteArray();
        event.reset();
        byte[] last = restored(bytes);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        // What is no event as it stands must not swallow the first of those that are.
        boolean whole = last != bytes;
        out.writeBytes(whole ? last : rests());
        out.writeBytes(whole ? rests() : last);
        return out.toByteArray();
    }

    /** What is left where the answer breaks off: texts as far as they went, but nothing of an event that has no end. */
    byte[] broken() {
        event.reset();
        return rests();
    }

    /** What all texts hold back, where nothing has said that they are over. */
    private byte[] rests() {
        List<ObjectNode> events = new ArrayList<>();
        List.copyOf(texts.keySet()).forEach(choice -> flush(choice, events));
        StringBuilder out = new StringBuilder();
        events.forEach(one -> append(out, one));
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void append(StringBuilder out, ObjectNode event) {
        if (event.path("type").isString()) {
            out.append("event: ").append(event.path("type").stringValue()).append('\n');
        }
        out.append(DATA).append(' ').append(event).append("\n\n");
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
        if (data.toString().strip().equals(DONE)) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.writeBytes(rests());
            out.writeBytes(bytes);
            return out.toByteArray();
        }
        try {
            if (!AnswerRestorer.few(bytes)
                    || !(JsonMapper.shared().readTree(data.toString()) instanceof ObjectNode object)) {
                return bytes;
            }
            List<ObjectNode> events = object.path("choices").isArray() ? chunk(object) : typed(object);
            StringBuilder out = new StringBuilder();
            for (ObjectNode one : events.subList(0, events.size() - 1)) {
                append(out, one);
            }
            others.forEach(line -> out.append(line).append('\n'));
            out.append(DATA).append(' ').append(events.getLast()).append("\n\n");
            return out.toString().getBytes(StandardCharsets.UTF_8);
        } catch (JacksonException e) {
            return bytes;
        }
    }

    /** Of chat completions and completions: pieces are in the choices. */
    private List<ObjectNode> chunk(ObjectNode chunk) {
        List<ObjectNode> events = new ArrayList<>();
        ObjectNode template = template(chunk);
        for (JsonNode one : chunk.path("choices")) {
            if (!(one instanceof ObjectNode choice)) {
                continue;
            }
            String index = String.valueOf(choice.path("index").asInt(0));
            boolean last = choice.path("finish_reason").isString();
            grow(choice, new Place(index, "", "text", -1), template, last);
            if (choice.path("delta") instanceof ObjectNode delta) {
                for (String member : List.copyOf(delta.propertyNames())) {
                    delta(delta, member, index, template, last);
                }
            }
            if (last) {
                flush(index, events);
            }
        }
        events.add(chunk);
        return events;
    }

    private void delta(ObjectNode delta, String member, String choice, ObjectNode template, boolean last) {
        JsonNode value = delta.path(member);
        if (value.isString()) {
            if (!member.equals("role")) {
                grow(delta, new Place(choice, "", member, -1), template, last);
            }
        } else if (member.equals("function_call") && value instanceof ObjectNode call) {
            grow(call, new Place(choice, member, "arguments", -1), template, last);
        } else if (member.equals("tool_calls")) {
            for (JsonNode call : value) {
                int index = call.path("index").asInt(0);
                if (call.path("function") instanceof ObjectNode function) {
                    grow(function, new Place(choice, "function", "arguments", index), template, last);
                }
                if (call.path("custom") instanceof ObjectNode custom) {
                    grow(custom, new Place(choice, "custom", "input", index), template, last);
                }
            }
        } else {
            delta.set(member, answers.document(member, value));
        }
    }

    /** What says what kind of event one is, and of what: the same for all texts of it, of which there may be many, and short. */
    private static ObjectNode template(ObjectNode event) {
        ObjectNode template = JsonMapper.shared().createObjectNode();
        int left = MOST_REPEATED_CHARACTERS;
        for (Map.Entry<String, JsonNode> member : event.properties()) {
            String name = member.getKey();
            JsonNode value = member.getValue();
            int length =
                    name.length() + (value.isContainer() ? 0 : value.asString().length());
            if (name.equals("choices") && value.isArray()) {
                template.putArray(name);
            } else if (name.equals("delta")) {
                template.put(name, "");
            } else if (!name.equals("usage")
                    && !(value.isContainer() && !value.isEmpty())
                    && template.size() < MOST_REPEATED
                    && length <= left) {
                template.set(name, value);
                left -= length;
            }
        }
        return template;
    }

    /** @param last whether the piece is the last of its text */
    private void grow(ObjectNode owner, Place place, ObjectNode template, boolean last) {
        if (owner.path(place.member()).isString()) {
            String piece = owner.path(place.member()).stringValue();
            owner.put(place.member(), pushed(piece, place, () -> template, last));
        }
    }

    /** @param template made for the first piece of a text alone */
    private String pushed(String piece, Place place, Supplier<ObjectNode> template, boolean last) {
        Map<Place, Growing> its = texts.get(place.choice());
        Growing growing = its == null ? null : its.get(place);
        if (growing == null) {
            if (followed == MOST_TEXTS) {
                return answers.text(place.member()).whole(piece);
            }
            followed++;
            growing = new Growing(answers.text(place.member()), template.get());
            texts.computeIfAbsent(place.choice(), choice -> new LinkedHashMap<>())
                    .put(place, growing);
        }
        String restored = growing.restorer().push(piece);
        return last ? restored + growing.restorer().end() : restored;
    }

    /** What a choice's texts hold back at their end, each as an event of its own. */
    private void flush(String choice, List<ObjectNode> events) {
        Map<Place, Growing> its = texts.remove(choice);
        if (its == null) {
            return;
        }
        its.forEach((place, growing) -> {
            String rest = growing.restorer().end();
            if (!rest.isEmpty()) {
                ObjectNode event = growing.template().deepCopy();
                if (event.path("choices") instanceof ArrayNode choices) {
                    choices.addObject().put("index", Integer.parseInt(choice)).putNull("finish_reason");
                }
                put(event, place, rest);
                events.add(event);
            }
        });
    }

    private static void put(ObjectNode event, Place place, String rest) {
        if (!(event.path("choices").path(0) instanceof ObjectNode choice)) {
            event.put("delta", rest);
        } else if (place.call() >= 0) {
            choice.putObject("delta")
                    .putArray("tool_calls")
                    .addObject()
                    .put("index", place.call())
                    .putObject(place.parent())
                    .put(place.member(), rest);
        } else if (!place.parent().isEmpty()) {
            choice.putObject("delta").putObject(place.parent()).put(place.member(), rest);
        } else if (place.member().equals("text")) {
            choice.put("text", rest);
        } else {
            choice.putObject("delta").put(place.member(), rest);
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
            String piece = event.path("delta").stringValue();
            event.put("delta", pushed(piece, new Place(item, "", member, -1), () -> template(event), false));
            events.add(event);
            return events;
        }
        if (type.endsWith(".done")) {
            flush(item, events);
        }
        events.add((ObjectNode) answers.document("", event));
        return events;
    }
}
