package dev.hone.task;

import dev.hone.grade.ToolCallGrader;
import dev.hone.record.ChatMessage;
import dev.hone.record.DatasetTask;
import dev.hone.record.LabelledTrace;
import dev.hone.record.Task;
import dev.hone.record.ToolCall;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A row with its demonstration as a task that a grader can judge. Its reference is the right answer's text, or its call as {@code {"name": …,
 * "arguments": {…}}}; where the row does not say which calls are accepted, it is that call alone.
 */
public final class DemonstratedTask {
    private static final JsonMapper JSON = JsonMapper.shared();

    private DemonstratedTask() {}

    /** @param line where the row stands: its name where it has no id */
    public static Task of(LabelledTrace labelled, int line) {
        String id = labelled.trace().externalId();
        String reference = reference(ChatJson.message(labelled.demonstration()));
        Map<String, String> metadata = new LinkedHashMap<>(labelled.trace().metadata());
        if (!metadata.containsKey(ToolCallGrader.ACCEPTED)) {
            accepted(reference, metadata);
        }
        return new Task(
                id.isEmpty() ? "line " + line : "%s (line %d)".formatted(id, line),
                ChatJson.conversation(labelled.trace().request()),
                reference,
                metadata);
    }

    /** A task of a frozen dataset, called like its trace. */
    public static Task of(DatasetTask task) {
        String reference = reference(ChatJson.message(task.reference()));
        Map<String, String> metadata = new LinkedHashMap<>(task.metadata());
        if (!metadata.containsKey(ToolCallGrader.ACCEPTED)) {
            accepted(reference, metadata);
        }
        return new Task(task.trace().toString(), ChatJson.conversation(task.input()), reference, metadata);
    }

    /** The text of an answer, or its call as compact JSON. */
    static String reference(ChatMessage right) {
        if (right.toolCalls().isEmpty()) {
            return right.content();
        }
        ArrayNode calls = JSON.createArrayNode();
        for (ToolCall call : right.toolCalls()) {
            calls.addObject().put("name", call.name()).set("arguments", JSON.readTree(call.arguments()));
        }
        return calls.size() == 1 ? calls.get(0).toString() : calls.toString();
    }

    static void accepted(String reference, Map<String, String> metadata) {
        try {
            JsonNode call = JSON.readTree(reference);
            if (call.path("name").isString() && call.path("arguments").isObject()) {
                ObjectNode accepted = JSON.createObjectNode();
                accepted.set(call.path("name").stringValue(), eachAlone(call.path("arguments")));
                metadata.put(ToolCallGrader.ACCEPTED, accepted.toString());
            }
        } catch (JacksonException e) {
            // A text that is no call accepts none.
        }
    }

    /** The members of an object, each as the one value that is accepted. */
    private static ObjectNode eachAlone(JsonNode object) {
        ObjectNode accepted = JSON.createObjectNode();
        object.properties().forEach(member -> accepted.putArray(member.getKey()).add(alone(member.getValue())));
        return accepted;
    }

    /** Within an object, and within the objects of a list, it is again lists of values; below that the values themselves. */
    private static JsonNode alone(JsonNode value) {
        if (value.isObject()) {
            return ofLists(value);
        }
        ArrayNode list = JSON.createArrayNode();
        value.forEach(element -> list.add(element.isObject() ? ofLists(element) : element));
        return value.isArray() ? list : value;
    }

    private static ObjectNode ofLists(JsonNode object) {
        ObjectNode lists = JSON.createObjectNode();
        object.properties().forEach(member -> lists.putArray(member.getKey()).add(member.getValue()));
        return lists;
    }
}
