package dev.hone.schema;

import dev.hone.schema.Shape.Property;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Reads a JSON Schema (draft 2020-12) into a {@link Shape}. What it does not support it names. */
final class SchemaReader {
    private static final int MOST_DEPTH = 64;
    private static final int MOST_SCHEMAS = 10_000;

    /** Each may take a second to compile. */
    private static final int MOST_PATTERNS = 64;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Keywords that combine schemas: a value obeys each of them, and what stands beside them. */
    private static final Set<String> COMBINING = Set.of("$ref", "allOf", "anyOf", "oneOf");

    private static final Set<String> OF_VALUES = Set.of("enum", "const", "type", "$ref", "allOf", "anyOf", "oneOf");

    private enum Type {
        STRING,
        NUMBER,
        INTEGER,
        BOOLEAN,
        NULL,
        ARRAY,
        OBJECT;

        boolean holds(JsonNode value) {
            return switch (this) {
                case STRING -> value.isString();
                case NUMBER -> value.isNumber();
                case INTEGER -> value.isNumber() && Keywords.isWhole(value.decimalValue());
                case BOOLEAN -> value.isBoolean();
                case NULL -> value.isNull();
                case ARRAY -> value.isArray();
                case OBJECT -> value.isObject();
            };
        }
    }

    private final JsonNode root;
    private final Map<String, Shape.Reference> references = new HashMap<>();
    private int schemas;
    private int patterns;

    private SchemaReader(JsonNode root) {
        this.root = root;
    }

    static Shape read(String schema) {
        return read(parse(schema));
    }

    static Shape read(JsonNode schema) {
        Shape shape = new SchemaReader(schema).shape(schema, "#", 0);
        if (!Finite.hasValue(shape)) {
            throw new SchemaException("The schema accepts no finite value: it contains itself without an end");
        }
        return shape;
    }

    static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JacksonException e) {
            throw new SchemaException("A schema is not JSON: " + e.getOriginalMessage());
        }
    }

    private Shape shape(JsonNode schema, String place, int depth) {
        if (depth > MOST_DEPTH || ++schemas > MOST_SCHEMAS) {
            throw new SchemaException("The schema is too large at [%s]: at most [%d] levels and [%d] parts"
                    .formatted(place, MOST_DEPTH, MOST_SCHEMAS));
        }
        if (schema.isBoolean()) {
            if (schema.booleanValue()) {
                return new Shape.Anything();
            }
            throw new SchemaException("The schema accepts nothing at [%s]".formatted(place));
        }
        if (!schema.isObject()) {
            throw new SchemaException("[%s] is neither an object nor a boolean".formatted(place));
        }
        Keywords.requireSupported(schema, place);
        List<Shape> parts = new ArrayList<>();
        if (schema.has("$ref")) {
            parts.add(reference(schema.get("$ref"), place, depth));
        }
        if (schema.has("allOf")) {
            parts.addAll(shapes(schema.get("allOf"), place + "/allOf", depth));
        }
        if (schema.has("anyOf")) {
            parts.add(either(schema.get("anyOf"), place + "/anyOf", depth));
        }
        if (schema.has("oneOf")) {
            requireDisjoint(schema.get("oneOf"), place + "/oneOf");
            parts.add(either(schema.get("oneOf"), place + "/oneOf", depth));
        }
        if (parts.isEmpty() || Keywords.saysMoreThan(schema, COMBINING)) {
            parts.add(own(schema, place, depth));
        }
        return Intersection.of(parts, place);
    }

    /** What a schema says beside the keywords that combine others. */
    private Shape own(JsonNode schema, String place, int depth) {
        Set<Type> types = types(schema, place);
        if (schema.has("format")) {
            format(schema, place);
        }
        if (schema.has("enum") || schema.has("const")) {
            return values(schema, types, place, depth);
        }
        if (!Keywords.saysMoreThan(schema, Set.of())) {
            return new Shape.Anything();
        }
        if (types.contains(Type.NUMBER)) {
            types.remove(Type.INTEGER);
        }
        List<Shape> shapes = new ArrayList<>();
        for (Type type : types) {
            Shape shape = ofType(type, schema, place, depth);
            if (shape != null) {
                shapes.add(shape);
            }
        }
        if (shapes.isEmpty()) {
            throw new SchemaException(
                    "[%s] accepts nothing: what it says of a text excludes each other".formatted(place));
        }
        return shapes.size() == 1 ? shapes.getFirst() : new Shape.Either(shapes);
    }

    private Shape reference(JsonNode pointer, String place, int depth) {
        if (!pointer.isString() || !pointer.stringValue().startsWith("#")) {
            throw new SchemaException(
                    "[$ref] at [%s] points outside the schema: put the part into [$defs]".formatted(place));
        }
        String target = pointer.stringValue();
        Shape.Reference known = references.get(target);
        if (known != null) {
            return known;
        }
        JsonNode part;
        try {
            part = root.at(JsonPointer.compile(target.substring(1)));
        } catch (IllegalArgumentException e) {
            throw new SchemaException("[$ref] at [%s] is no JSON pointer: [%s]".formatted(place, target));
        }
        if (part.isMissingNode()) {
            throw new SchemaException("[$ref] at [%s] points to nothing: [%s]".formatted(place, target));
        }
        Shape.Reference reference = new Shape.Reference();
        references.put(target, reference);
        reference.resolve(shape(part, target, depth + 1));
        return reference;
    }

    private Shape either(JsonNode parts, String place, int depth) {
        List<Shape> shapes = shapes(parts, place, depth);
        return shapes.size() == 1 ? shapes.getFirst() : new Shape.Either(shapes);
    }

    private List<Shape> shapes(JsonNode parts, String place, int depth) {
        if (!parts.isArray() || parts.isEmpty()) {
            throw new SchemaException("[%s] is no list of schemas".formatted(place));
        }
        List<Shape> shapes = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            shapes.add(shape(parts.get(i), place + "/" + i, depth + 1));
        }
        return shapes;
    }

    /** Exactly one of some is any of them where no value can be of two. */
    private static void requireDisjoint(JsonNode parts, String place) {
        Set<Type> seen = EnumSet.noneOf(Type.class);
        for (JsonNode part : parts) {
            for (Type type : part.isObject() ? types(part, place) : EnumSet.allOf(Type.class)) {
                Type number = type == Type.INTEGER ? Type.NUMBER : type;
                if (!seen.add(number)) {
                    throw new SchemaException(
                            "[%s] has parts of one type, and a value of two would be refused: use [anyOf]"
                                    .formatted(place));
                }
            }
        }
    }

    private static Set<Type> types(JsonNode schema, String place) {
        JsonNode type = schema.path("type");
        if (type.isMissingNode()) {
            return EnumSet.allOf(Type.class);
        }
        Set<Type> types = EnumSet.noneOf(Type.class);
        for (JsonNode name : type.isArray() ? type : List.of(type)) {
            try {
                types.add(Type.valueOf(name.asString().toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                throw new SchemaException(
                        "[type] at [%s] is [%s]: give string, number, integer, boolean, null, array or object"
                                .formatted(place, name.asString()));
            }
        }
        if (types.isEmpty()) {
            throw new SchemaException("[type] at [%s] is empty".formatted(place));
        }
        return types;
    }

    private Shape values(JsonNode schema, Set<Type> types, String place, int depth) {
        List<Shape> lists = new ArrayList<>();
        if (schema.has("enum")) {
            lists.add(values(schema.get("enum").valueStream().toList(), types, place));
        }
        if (schema.has("const")) {
            lists.add(values(List.of(schema.get("const")), types, place));
        }
        if (schema instanceof ObjectNode object && Keywords.saysMoreThan(schema, OF_VALUES)) {
            ObjectNode rest =
                    object.deepCopy().without(List.of("enum", "const", "type")).without(COMBINING);
            lists.add(shape(rest, place, depth + 1));
        }
        return Intersection.of(lists, place);
    }

    private static Shape values(List<JsonNode> all, Set<Type> types, String place) {
        List<JsonNode> values = all.stream()
                .filter(value -> types.stream().anyMatch(type -> type.holds(value)))
                .toList();
        if (values.isEmpty()) {
            throw new SchemaException("[%s] accepts none of its own values".formatted(place));
        }
        return fixed(values);
    }

    static Shape fixed(List<JsonNode> values) {
        return Shape.Fixed.of(values.stream().map(JsonNode::toString).distinct().toList());
    }

    /** Null when no value of the type is one of the schema. */
    private @Nullable Shape ofType(Type type, JsonNode schema, String place, int depth) {
        return switch (type) {
            case STRING -> text(schema, place);
            case NUMBER -> new Shape.Number(false, Keywords.range(schema, false, place));
            case INTEGER -> new Shape.Number(true, Keywords.range(schema, true, place));
            case BOOLEAN -> Shape.Fixed.of(List.of("true", "false"));
            case NULL -> Shape.Fixed.of(List.of("null"));
            case ARRAY -> items(schema, place, depth);
            case OBJECT -> members(schema, place, depth);
        };
    }

    private @Nullable Shape text(JsonNode schema, String place) {
        List<Shape> parts = new ArrayList<>();
        int least = Keywords.count(schema, "minLength", 0, place);
        int most = Keywords.most(schema, "minLength", "maxLength", place);
        if (schema.has("pattern")) {
            JsonNode pattern = schema.get("pattern");
            if (!pattern.isString()) {
                throw new SchemaException("[pattern] at [%s] is no text: [%s]".formatted(place, pattern));
            }
            if (++patterns > MOST_PATTERNS) {
                throw new SchemaException(
                        "The schema has more than [%d] patterns at [%s]".formatted(MOST_PATTERNS, place));
            }
            Automaton automaton = PatternCompiler.compile(pattern.stringValue(), place);
            if (automaton == null) {
                return null;
            }
            parts.add(new Shape.Matching(automaton));
        }
        if (schema.has("format")) {
            parts.add(new Shape.Matching(format(schema, place)));
        }
        if (parts.isEmpty() || least > 0 || most < Integer.MAX_VALUE) {
            parts.add(new Shape.Text(least, most));
        }
        return Intersection.find(parts, place);
    }

    private static Automaton format(JsonNode schema, String place) {
        return Formats.of(schema.get("format").asString(""), place);
    }

    private Shape items(JsonNode schema, String place, int depth) {
        int least = Keywords.count(schema, "minItems", 0, place);
        int most = Keywords.most(schema, "minItems", "maxItems", place);
        List<Shape> first = new ArrayList<>();
        JsonNode prefix = schema.path("prefixItems");
        for (int i = 0; i < prefix.size(); i++) {
            first.add(shape(prefix.get(i), place + "/prefixItems/" + i, depth + 1));
        }
        JsonNode items = schema.path("items");
        if (items.isArray()) {
            throw new SchemaException("[items] at [%s] is a list: use [prefixItems]".formatted(place));
        }
        boolean closed = items.isBoolean() && !items.booleanValue();
        if (closed && least > first.size()) {
            throw new SchemaException("[minItems] at [%s] asks for more items than there are".formatted(place));
        }
        Shape rest = items.isMissingNode()
                ? new Shape.Anything()
                : closed ? null : shape(items, place + "/items", depth + 1);
        return new Shape.Items(first, rest, least, most);
    }

    private Shape members(JsonNode schema, String place, int depth) {
        Set<String> required = new LinkedHashSet<>();
        schema.path("required").forEach(name -> required.add(name.asString()));
        JsonNode additional = schema.path("additionalProperties");
        boolean closed = additional.isBoolean() && !additional.booleanValue();
        Shape others = closed
                ? null
                : additional.isMissingNode()
                        ? new Shape.Anything()
                        : shape(additional, place + "/additionalProperties", depth + 1);
        Map<String, Property> properties = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : schema.path("properties").properties()) {
            String name = entry.getKey();
            if (entry.getValue().isBoolean() && !entry.getValue().booleanValue()) {
                throw new SchemaException(
                        "Property [%s] at [%s] can have no value: leave it out".formatted(name, place));
            }
            Shape shape = shape(entry.getValue(), place + "/properties/" + name, depth + 1);
            properties.put(name, new Property(name, shape, required.remove(name)));
        }
        for (String name : required) {
            if (others == null) {
                throw new SchemaException("Property [%s] at [%s] is required and forbidden".formatted(name, place));
            }
            properties.put(name, new Property(name, others, true));
        }
        return members(List.copyOf(properties.values()), others, false);
    }

    /** An object with keys as JSON text without the opening quote. */
    static Shape members(List<Property> properties, @Nullable Shape others, boolean inOrder) {
        List<String> keys = properties.stream()
                .map(property -> JSON.writeValueAsString(property.name()).substring(1))
                .toList();
        return new Shape.Members(properties, ByteTrie.of(keys), others, inOrder);
    }
}
