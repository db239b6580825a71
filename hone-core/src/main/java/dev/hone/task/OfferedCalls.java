package dev.hone.task;

import dev.hone.record.Constraint;
import dev.hone.record.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The calls that offered tools allow, as a constraint. The leaderboard writes types by their Python names; they become JSON
 * Schema's. No argument is allowed that a tool does not name.
 */
public final class OfferedCalls {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Map<String, String> TYPES = Map.of("dict", "object", "float", "number", "tuple", "array");

    private static final Pattern NUMBER = Pattern.compile("-?(?:0|[1-9]\\d{0,15})(?:\\.\\d{1,15})?");

    /** Keywords that hold schemas: in a list, by name, or one. */
    private static final List<String> PARTS =
            List.of("properties", "$defs", "definitions", "anyOf", "oneOf", "prefixItems", "items");

    private OfferedCalls() {}

    /** Of the leaderboard's tools. */
    public static Constraint.Call of(Task task) {
        return of(task.input().tools(), OfferedCalls::standard);
    }

    /**
     * Of a product's tools, whose parameters are JSON Schemas, or in the leaderboard's manner if their {@code type} is
     * {@code dict}. An object that lists its properties has no others unless it says so.
     *
     * @param tools each a JSON object as text, in OpenAI's form
     * @throws IllegalArgumentException when one is not
     */
    public static Constraint.Call of(List<String> tools) {
        return of(tools, parameters -> isLeaderboards(parameters) ? standard(parameters) : closed(parameters));
    }

    /**
     * Tools as a product sends them: parameters in the leaderboard's manner, which no server of models takes, as JSON Schemas, and all others as they are.
     *
     * @param tools each a JSON object as text, in OpenAI's form
     */
    public static List<String> sent(List<String> tools) {
        return of(tools, parameters -> isLeaderboards(parameters) ? standard(parameters) : parameters)
                .tools();
    }

    private static boolean isLeaderboards(JsonNode parameters) {
        return parameters.path("type").asString("").equals("dict");
    }

    private static Constraint.Call of(List<String> tools, UnaryOperator<JsonNode> schema) {
        List<String> read = new ArrayList<>();
        for (String text : tools) {
            if (!(JSON.readTree(text) instanceof ObjectNode tool
                    && tool.path("function") instanceof ObjectNode function)) {
                throw new IllegalArgumentException(
                        "The tool [%s] has no [function]: give it as {\"type\": \"function\", \"function\": {…}}"
                                .formatted(text));
            }
            if (function.has("parameters")) {
                function.set("parameters", schema.apply(function.path("parameters")));
            }
            read.add(tool.toString());
        }
        return new Constraint.Call(read);
    }

    /** A schema whose objects have the properties alone that they list, at every depth. */
    private static JsonNode closed(JsonNode schema) {
        if (!schema.isObject()) {
            return schema;
        }
        ObjectNode result = (ObjectNode) schema.deepCopy();
        for (String keyword : PARTS) {
            switch (schema.path(keyword)) {
                case ArrayNode parts -> {
                    ArrayNode list = result.putArray(keyword);
                    parts.forEach(part -> list.add(closed(part)));
                }
                case ObjectNode part when keyword.equals("items") -> result.set(keyword, closed(part));
                case ObjectNode parts -> {
                    ObjectNode named = result.putObject(keyword);
                    parts.properties().forEach(part -> named.set(part.getKey(), closed(part.getValue())));
                }
                case JsonNode other -> {}
            }
        }
        if (schema.has("properties") && !schema.has("additionalProperties")) {
            result.put("additionalProperties", false);
        }
        return result;
    }

    private static JsonNode standard(JsonNode schema) {
        ObjectNode result = JSON.createObjectNode();
        String type = schema.path("type").asString("any");
        if (!type.equals("any")) {
            result.put("type", TYPES.getOrDefault(type, type));
        }
        if (type.equals("array") || type.equals("tuple")) {
            // A list's values are listed beside it, but are its items'.
            ObjectNode items = JSON.createObjectNode();
            schema.path("items").properties().forEach(entry -> items.set(entry.getKey(), entry.getValue()));
            if (schema.has("enum")) {
                items.set("enum", schema.get("enum"));
            }
            result.set("items", standard(items));
        } else {
            ArrayNode values = values(type, schema.path("enum"));
            if (!values.isEmpty()) {
                result.set("enum", values);
            }
        }
        if (schema.has("properties")) {
            ObjectNode properties = JSON.createObjectNode();
            schema.get("properties")
                    .properties()
                    .forEach(property -> properties.set(property.getKey(), standard(property.getValue())));
            result.set("properties", properties);
            result.put("additionalProperties", false);
            ArrayNode required = JSON.createArrayNode();
            schema.path("required").forEach(required::add);
            result.set("required", required);
        }
        return result;
    }

    /** The listed values that are of their type; numbers are sometimes listed as texts, and then count as numbers. */
    private static ArrayNode values(String type, JsonNode listed) {
        ArrayNode values = JSON.createArrayNode();
        for (JsonNode value : listed) {
            switch (type) {
                case "integer", "float" -> {
                    JsonNode number = value.isString() ? number(value.stringValue()) : value;
                    if (number.isNumber()) {
                        values.add(number);
                    }
                }
                case "string" -> {
                    if (value.isString()) {
                        values.add(value);
                    }
                }
                case "boolean" -> {
                    if (value.isBoolean()) {
                        values.add(value);
                    }
                }
                default -> values.add(value);
            }
        }
        return values;
    }

    private static JsonNode number(String text) {
        return NUMBER.matcher(text).matches()
                ? JSON.readTree(text)
                : JSON.getNodeFactory().missingNode();
    }
}
