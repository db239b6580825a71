package dev.hone.schema;

import dev.hone.schema.Shape.Property;
import dev.hone.schema.Shape.Range;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads a JSON Schema (draft 2020-12) into a {@link Shape}. What it does not support it names. */
final class SchemaReader {
    private static final int MOST_DEPTH = 64;
    private static final int MOST_SCHEMAS = 10_000;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Says something to a reader and nothing about a value. */
    private static final Set<String> ANNOTATIONS = Set.of(
            "$schema",
            "$id",
            "$comment",
            "$defs",
            "definitions",
            "title",
            "description",
            "default",
            "examples",
            "deprecated",
            "readOnly",
            "writeOnly");

    private static final Set<String> SUPPORTED = Set.of(
            "$ref",
            "type",
            "enum",
            "const",
            "anyOf",
            "oneOf",
            "minLength",
            "maxLength",
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "items",
            "prefixItems",
            "minItems",
            "maxItems",
            "properties",
            "required",
            "additionalProperties");

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
                case INTEGER -> value.isNumber() && isWhole(value.decimalValue());
                case BOOLEAN -> value.isBoolean();
                case NULL -> value.isNull();
                case ARRAY -> value.isArray();
                case OBJECT -> value.isObject();
            };
        }

        private static boolean isWhole(BigDecimal value) {
            return value.stripTrailingZeros().scale() <= 0;
        }
    }

    private final JsonNode root;
    private final Map<String, Shape.Reference> references = new HashMap<>();
    private int schemas;

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
        requireSupported(schema, place);
        if (schema.has("$ref")) {
            return alone(schema, "$ref", place, reference(schema.get("$ref"), place, depth));
        }
        if (schema.has("anyOf")) {
            return alone(schema, "anyOf", place, either(schema.get("anyOf"), place + "/anyOf", depth));
        }
        if (schema.has("oneOf")) {
            requireDisjoint(schema.get("oneOf"), place + "/oneOf");
            return alone(schema, "oneOf", place, either(schema.get("oneOf"), place + "/oneOf", depth));
        }
        Set<Type> types = types(schema, place);
        if (schema.has("enum") || schema.has("const")) {
            return values(schema, types, place);
        }
        if (types.size() == Type.values().length
                && schema.properties().stream().allMatch(e -> ANNOTATIONS.contains(e.getKey()))) {
            return new Shape.Anything();
        }
        if (types.contains(Type.NUMBER)) {
            types.remove(Type.INTEGER);
        }
        List<Shape> shapes = new ArrayList<>();
        for (Type type : types) {
            shapes.add(ofType(type, schema, place, depth));
        }
        return shapes.size() == 1 ? shapes.getFirst() : new Shape.Either(shapes);
    }

    private static void requireSupported(JsonNode schema, String place) {
        for (String keyword : schema.propertyNames()) {
            if (!SUPPORTED.contains(keyword) && !ANNOTATIONS.contains(keyword)) {
                throw new SchemaException(
                        "Keyword [%s] at [%s] is not supported in constrained answers; supported are: %s"
                                .formatted(
                                        keyword,
                                        place,
                                        SUPPORTED.stream().sorted().collect(Collectors.joining(", "))));
            }
        }
    }

    /** A keyword that replaces a schema cannot be narrowed by others beside it. */
    private static Shape alone(JsonNode schema, String keyword, String place, Shape shape) {
        for (String other : schema.propertyNames()) {
            if (!other.equals(keyword) && !ANNOTATIONS.contains(other)) {
                throw new SchemaException("Keyword [%s] beside [%s] at [%s] is not supported: move it into the parts"
                        .formatted(other, keyword, place));
            }
        }
        return shape;
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
        if (!parts.isArray() || parts.isEmpty()) {
            throw new SchemaException("[%s] is no list of schemas".formatted(place));
        }
        List<Shape> shapes = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            shapes.add(shape(parts.get(i), place + "/" + i, depth + 1));
        }
        return shapes.size() == 1 ? shapes.getFirst() : new Shape.Either(shapes);
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

    private static Shape values(JsonNode schema, Set<Type> types, String place) {
        List<JsonNode> values = new ArrayList<>();
        if (schema.has("enum")) {
            schema.get("enum").forEach(values::add);
        } else {
            values.add(schema.get("const"));
        }
        values.removeIf(value -> types.stream().noneMatch(type -> type.holds(value)));
        for (String other : schema.propertyNames()) {
            if (!Set.of("enum", "const", "type").contains(other) && !ANNOTATIONS.contains(other)
                    || other.equals("const") && schema.has("enum")) {
                throw new SchemaException(
                        "Keyword [%s] beside a list of values at [%s] is not supported: leave the values out that it forbids"
                                .formatted(other, place));
            }
        }
        if (values.isEmpty()) {
            throw new SchemaException("[%s] accepts none of its own values".formatted(place));
        }
        return fixed(values);
    }

    static Shape fixed(List<JsonNode> values) {
        return new Shape.Fixed(
                ByteTrie.of(values.stream().map(JsonNode::toString).distinct().toList()));
    }

    private Shape ofType(Type type, JsonNode schema, String place, int depth) {
        return switch (type) {
            case STRING ->
                new Shape.Text(count(schema, "minLength", 0, place), most(schema, "minLength", "maxLength", place));
            case NUMBER -> new Shape.Number(false, range(schema, false, place));
            case INTEGER -> new Shape.Number(true, range(schema, true, place));
            case BOOLEAN -> new Shape.Fixed(ByteTrie.of(List.of("true", "false")));
            case NULL -> new Shape.Fixed(ByteTrie.of(List.of("null")));
            case ARRAY -> items(schema, place, depth);
            case OBJECT -> members(schema, place, depth);
        };
    }

    private static int count(JsonNode schema, String keyword, int otherwise, String place) {
        JsonNode value = schema.path(keyword);
        if (value.isMissingNode()) {
            return otherwise;
        }
        if (!value.isNumber()
                || !Type.INTEGER.holds(value)
                || value.decimalValue().signum() < 0
                || value.decimalValue().compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) > 0) {
            throw new SchemaException("[%s] at [%s] is no count: [%s]".formatted(keyword, place, value));
        }
        return value.decimalValue().intValue();
    }

    private static int most(JsonNode schema, String leastKeyword, String mostKeyword, String place) {
        int least = count(schema, leastKeyword, 0, place);
        int most = count(schema, mostKeyword, Integer.MAX_VALUE, place);
        if (least > most) {
            throw new SchemaException("[%s] is more than [%s] at [%s]".formatted(leastKeyword, mostKeyword, place));
        }
        return most;
    }

    private static @Nullable Range range(JsonNode schema, boolean whole, String place) {
        Bound least = Bound.tighter(schema, "minimum", "exclusiveMinimum", 1, place);
        Bound most = Bound.tighter(schema, "maximum", "exclusiveMaximum", -1, place);
        if (least == null && most == null) {
            return null;
        }
        Range range = new Range(
                least == null ? null : least.value(),
                least != null && least.included(),
                most == null ? null : most.value(),
                most != null && most.included());
        if (range.isEmpty(whole)) {
            throw new SchemaException("Between the bounds at [%s] there is no number".formatted(place));
        }
        return range;
    }

    private record Bound(BigDecimal value, boolean included) {
        /** @param sign 1 where the larger of two is tighter, -1 where the smaller is */
        static @Nullable Bound tighter(JsonNode schema, String including, String excluding, int sign, String place) {
            Bound included = of(schema, including, true, place);
            Bound excluded = of(schema, excluding, false, place);
            if (included == null || excluded == null) {
                return included == null ? excluded : included;
            }
            return sign * Integer.signum(excluded.value().compareTo(included.value())) >= 0 ? excluded : included;
        }

        private static @Nullable Bound of(JsonNode schema, String keyword, boolean included, String place) {
            JsonNode value = schema.path(keyword);
            if (value.isMissingNode()) {
                return null;
            }
            if (!value.isNumber()) {
                throw new SchemaException("[%s] at [%s] is no number: [%s]".formatted(keyword, place, value));
            }
            return new Bound(value.decimalValue(), included);
        }
    }

    private Shape items(JsonNode schema, String place, int depth) {
        int least = count(schema, "minItems", 0, place);
        int most = most(schema, "minItems", "maxItems", place);
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
