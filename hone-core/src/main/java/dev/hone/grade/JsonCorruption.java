package dev.hone.grade;

import dev.hone.record.Task;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A JSON value that is cut short, and one with values of other types in the place of its own. A schema may leave some places
 * open, but one that refuses none of these says nothing.
 */
final class JsonCorruption implements Corruption {
    private static final JsonMapper JSON = JsonMapper.shared();

    /** Places of a value that are tried. */
    private static final int MOST_PLACES = 200;

    @Override
    public List<Corrupted> of(Task task) {
        JsonNode right;
        try {
            right = JSON.readTree(task.reference());
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    "Task [%s] has a reference that is not JSON: [%s]".formatted(task.id(), task.reference()), e);
        }
        if (right.isMissingNode()) {
            throw new IllegalArgumentException("Task [%s] has an empty reference".formatted(task.id()));
        }
        List<String> changed = new ArrayList<>();
        change(right, right, changed);
        changed.add(ofAnotherType(right).toString());
        return List.of(Corrupted.of("cut short", "[" + right), new Corrupted("value of another type", changed));
    }

    /** Adds the whole with each value under a node changed, one at a time. */
    private static void change(JsonNode whole, JsonNode at, List<String> changed) {
        if (changed.size() >= MOST_PLACES) {
            return;
        }
        if (at instanceof ObjectNode object) {
            for (String name : List.copyOf(object.propertyNames())) {
                JsonNode value = object.get(name);
                object.set(name, ofAnotherType(value));
                changed.add(whole.toString());
                object.set(name, value);
                change(whole, value, changed);
            }
        } else if (at instanceof ArrayNode list) {
            for (int i = 0; i < list.size(); i++) {
                JsonNode value = list.get(i);
                list.set(i, ofAnotherType(value));
                changed.add(whole.toString());
                list.set(i, value);
                change(whole, value, changed);
            }
        }
    }

    private static JsonNode ofAnotherType(JsonNode value) {
        return value.isNumber()
                ? JsonNodeFactory.instance.stringNode("another")
                : JsonNodeFactory.instance.numberNode(0.5);
    }
}
