package dev.hone.capture.gateway;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Members of objects that come in pieces, with their texts, however many pieces these have. */
final class JoinedTexts {
    /** What texts have become of which more than one piece came: in the objects stands the first. */
    private final Map<ObjectNode, Map<String, StringBuilder>> growing = new IdentityHashMap<>();

    /** Puts a piece behind what came before: texts and lists go on, objects do so member by member, anything else is the last. */
    void join(ObjectNode whole, String name, JsonNode piece) {
        JsonNode before = whole.path(name);
        if (before.isString() && piece.isString()) {
            growing.computeIfAbsent(whole, object -> new HashMap<>())
                    .computeIfAbsent(name, member -> new StringBuilder(before.stringValue()))
                    .append(piece.stringValue());
        } else if (before instanceof ArrayNode list && piece.isArray()) {
            piece.forEach(list::add);
        } else if (before instanceof ObjectNode object && piece.isObject()) {
            for (Map.Entry<String, JsonNode> member : piece.properties()) {
                join(object, member.getKey(), member.getValue());
            }
        } else if (!piece.isNull() || before.isMissingNode()) {
            whole.set(name, piece.deepCopy());
            Map<String, StringBuilder> texts = growing.get(whole);
            if (texts != null) {
                texts.remove(name);
            }
        }
    }

    /** Puts the texts where they belong. */
    void end() {
        growing.forEach((object, texts) -> texts.forEach((name, text) -> object.put(name, text.toString())));
    }
}
