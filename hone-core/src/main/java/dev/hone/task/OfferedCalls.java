package dev.hone.task;

import dev.hone.record.Constraint;
import dev.hone.record.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The calls that a task's tools allow, as a constraint. The leaderboard writes types by their Python names; they become JSON
 * Schema's, and no argument is allowed that a tool does not name.
 */
public final class OfferedCalls {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Map<String, String> TYPES = Map.of("dict", "object", "float", "number", "tuple", "array");

    private static final Pattern NUMBER = Pattern.compile("-?(?:0|[1-9]\\d{0,15})(?:\\.\\d{1,15})?");

    private OfferedCalls() {}

    public static Constraint of(Task task) {
        List<String> tools = new ArrayList<>();
        for (String text : task.input().tools()) {
            ObjectNode tool = (ObjectNode) JSON.readTree(text);
            ObjectNode function = (ObjectNode) tool.get("function");
            function.set("parameters", standard(function.path("parameters")));
            tools.add(tool.toString());
        }
        return new Constraint.Call(tools);
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
