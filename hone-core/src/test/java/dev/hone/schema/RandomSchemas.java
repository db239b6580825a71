package dev.hone.schema;

import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Schemas of every supported keyword, and values that some of them accept. */
final class RandomSchemas {
    private static final JsonNodeFactory NODES = JsonMapper.shared().getNodeFactory();
    private static final List<String> NAMES = List.of("a", "b", "ab", "é", "a\"b", "");

    /** A name that needs escapes is written where a schema has it, and nowhere else. */
    private static final List<String> PLAIN_NAMES = List.of("a", "b", "ab", "é", "");

    private static final List<String> TEXTS =
            List.of("", "a", "ab", "é", "x\"y", "😀", "true", "a\\b", "three", "2024-02-29", "12:30:00Z", "10.0.0.1");

    private static final List<String> PATTERNS = List.of(
            "a",
            "^a",
            "b$",
            "^[a-z]*$",
            "^.{1,2}$",
            "[^a]",
            "^(a|x.y)+$",
            "\\W",
            "^\\S*$",
            "(tr|th)(u|re+)",
            "\\d{2}",
            "^$|é");

    private final Random random;

    RandomSchemas(long seed) {
        random = new Random(seed);
    }

    JsonNode schema(int depth) {
        return switch (random.nextInt(depth > 0 ? 13 : 7)) {
            case 0 -> type("string", text());
            case 1 -> type("integer", range());
            case 2 -> type("number", range());
            case 3 -> type("boolean", NODES.objectNode());
            case 4 -> type("null", NODES.objectNode());
            case 5 -> NODES.objectNode().set("enum", array(1 + random.nextInt(3), () -> value(1)));
            case 6 ->
                random.nextBoolean() ? NODES.objectNode() : NODES.objectNode().set("const", value(1));
            case 7 -> NODES.objectNode().set("anyOf", array(1 + random.nextInt(3), () -> schema(depth - 1)));
            case 8 -> type("array", items(depth - 1));
            case 9 -> type("object", members(depth - 1));
            case 10 -> together(depth);
            case 11 -> beside(depth);
            default -> {
                ObjectNode both = text();
                both.setAll(range());
                both.set("type", NODES.arrayNode().add("string").add(random.nextBoolean() ? "integer" : "null"));
                yield both;
            }
        };
    }

    private static ObjectNode type(String name, ObjectNode schema) {
        return schema.put("type", name);
    }

    private ObjectNode text() {
        ObjectNode schema = NODES.objectNode();
        int least = random.nextInt(3);
        if (random.nextBoolean()) {
            schema.put("minLength", least);
        }
        if (random.nextBoolean()) {
            schema.put("maxLength", least + random.nextInt(3));
        }
        if (random.nextInt(3) == 0) {
            schema.put("pattern", PATTERNS.get(random.nextInt(PATTERNS.size())));
        } else if (random.nextInt(6) == 0) {
            schema.remove(List.of("minLength", "maxLength"));
            schema.put(
                    "format", Formats.names().get(random.nextInt(Formats.names().size())));
        }
        return schema;
    }

    /** Schemas of one type, of which a value obeys each. */
    private ObjectNode together(int depth) {
        int kind = random.nextInt(4);
        return NODES.objectNode().set("allOf", array(1 + random.nextInt(3), () -> switch (kind) {
            case 0 -> random.nextBoolean() ? text() : type("string", text());
            case 1 -> random.nextBoolean() ? range() : type("integer", range());
            case 2 -> items(depth - 1);
            default -> type("object", members(depth - 1));
        }));
    }

    /** Alternatives beside what all of them obey. */
    private ObjectNode beside(int depth) {
        ObjectNode both = random.nextBoolean() ? text() : members(depth - 1);
        both.setAll(range());
        return both.set("anyOf", array(1 + random.nextInt(2), () -> schema(depth - 1)));
    }

    private ObjectNode range() {
        ObjectNode schema = NODES.objectNode();
        int least = random.nextInt(60) - 30;
        if (random.nextBoolean()) {
            schema.put(random.nextBoolean() ? "minimum" : "exclusiveMinimum", least);
        }
        if (random.nextBoolean()) {
            schema.put(random.nextBoolean() ? "maximum" : "exclusiveMaximum", least + 2 + random.nextInt(40));
        }
        return schema;
    }

    private ObjectNode items(int depth) {
        ObjectNode schema = NODES.objectNode();
        int least = random.nextInt(3);
        if (random.nextInt(3) == 0) {
            schema.set("prefixItems", array(least + 1, () -> schema(depth)));
        }
        if (random.nextBoolean()) {
            schema.set("items", schema(depth));
        }
        if (random.nextBoolean()) {
            schema.put("minItems", least);
        }
        if (random.nextBoolean()) {
            schema.put("maxItems", least + random.nextInt(3));
        }
        return schema;
    }

    private ObjectNode members(int depth) {
        ObjectNode schema = NODES.objectNode();
        ObjectNode properties = NODES.objectNode();
        ArrayNode required = NODES.arrayNode();
        for (String name : NAMES) {
            if (random.nextInt(3) == 0) {
                properties.set(name, schema(depth));
                if (random.nextBoolean()) {
                    required.add(name);
                }
            }
        }
        schema.set("properties", properties);
        schema.set("required", required);
        switch (random.nextInt(3)) {
            case 0 -> schema.put("additionalProperties", false);
            case 1 -> schema.set("additionalProperties", schema(depth));
            default -> {}
        }
        return schema;
    }

    JsonNode value(int depth) {
        return switch (random.nextInt(depth > 0 ? 7 : 5)) {
            case 0 -> NODES.stringNode(TEXTS.get(random.nextInt(TEXTS.size())));
            case 1 -> NODES.numberNode(random.nextInt(120) - 60);
            case 2 -> NODES.numberNode((random.nextInt(1200) - 600) / 10.0 + 0.05);
            case 3 -> NODES.booleanNode(random.nextBoolean());
            case 4 -> NODES.nullNode();
            case 5 -> array(random.nextInt(4), () -> value(depth - 1));
            default -> {
                ObjectNode object = NODES.objectNode();
                for (String name : PLAIN_NAMES) {
                    if (random.nextInt(3) == 0) {
                        object.set(name, value(depth - 1));
                    }
                }
                yield object;
            }
        };
    }

    private static ArrayNode array(int size, Supplier<JsonNode> item) {
        ArrayNode array = NODES.arrayNode();
        for (int i = 0; i < size; i++) {
            array.add(item.get());
        }
        return array;
    }
}
