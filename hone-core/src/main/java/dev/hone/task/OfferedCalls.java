package dev.hone.task;

import dev.hone.record.Constraint;
import dev.hone.record.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
        if (schema.has("enum")) {
            result.set("enum", schema.get("enum"));
        }
        if (schema.has("items")) {
            result.set("items", standard(schema.get("items")));
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
}
