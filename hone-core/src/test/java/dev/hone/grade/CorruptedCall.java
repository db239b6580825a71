package dev.hone.grade;

import dev.hone.record.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Calls that are wrong, or right in another way, of the kinds that models make. */
final class CorruptedCall {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final JsonNodeFactory NODES = JSON.getNodeFactory();

    private CorruptedCall() {}

    static String of(Task task, Task other, Random random) {
        ObjectNode call = (ObjectNode) JSON.readTree(task.reference());
        ObjectNode arguments = (ObjectNode) call.get("arguments");
        List<String> names = new ArrayList<>(arguments.propertyNames());
        JsonNode accepted = JSON.readTree(task.require("accepted"))
                .properties()
                .iterator()
                .next()
                .getValue();
        List<String> acceptedNames = new ArrayList<>(accepted.propertyNames());
        int kind = random.nextInt(12);
        if (names.isEmpty() && kind > 3) {
            kind = random.nextInt(4);
        }
        String name = names.isEmpty() ? "x" : names.get(random.nextInt(names.size()));
        switch (kind) {
            case 0 ->
                call.put("name", JSON.readTree(other.reference()).get("name").stringValue());
            case 1 -> call.set("arguments", JSON.readTree(other.reference()).get("arguments"));
            case 2 -> arguments.put("note", "please");
            case 3 ->
                acceptedNames.forEach(one -> {
                    // Everything that is accepted, given in full, an accepted value each.
                    List<JsonNode> values = accepted.get(one)
                            .valueStream()
                            .filter(value ->
                                    !(value.isString() && value.stringValue().isEmpty()))
                            .toList();
                    if (!values.isEmpty() && random.nextInt(4) > 0) {
                        arguments.set(one, values.get(random.nextInt(values.size())));
                    }
                });
            case 4 -> arguments.remove(name);
            default -> arguments.set(name, changed(arguments.get(name), random, 0));
        }
        return call.toString();
    }

    private static JsonNode changed(JsonNode value, Random random, int depth) {
        return switch (random.nextInt(9)) {
            case 0 -> NODES.stringNode(value.isString() ? value.stringValue() : value.toString());
            case 1 -> NODES.nullNode();
            case 2 -> NODES.booleanNode(random.nextBoolean());
            case 3 -> value.isNumber() ? NODES.numberNode(value.doubleValue()) : NODES.numberNode(random.nextInt(3));
            case 4 -> depth < 2 ? ((ArrayNode) JSON.createArrayNode()).add(value) : value;
            case 5 ->
                value.isArray() && !value.isEmpty() && depth < 2
                        ? elementChanged(value, random, depth)
                        : NODES.stringNode("");
            case 6 -> value.isObject() && depth < 2 ? fieldChanged(value, random, depth) : NODES.numberNode(2.5);
            default ->
                value.isString() ? NODES.stringNode(textChanged(value.stringValue(), random)) : NODES.numberNode(7);
        };
    }

    private static JsonNode elementChanged(JsonNode value, Random random, int depth) {
        ArrayNode copy = (ArrayNode) value.deepCopy();
        int index = random.nextInt(copy.size());
        if (random.nextBoolean()) {
            copy.set(index, changed(copy.get(index), random, depth + 1));
        } else {
            copy.remove(index);
        }
        return copy;
    }

    private static JsonNode fieldChanged(JsonNode value, Random random, int depth) {
        ObjectNode copy = (ObjectNode) value.deepCopy();
        List<String> names = new ArrayList<>(copy.propertyNames());
        if (names.isEmpty() || random.nextInt(4) == 0) {
            copy.put("extra", 1);
        } else {
            String name = names.get(random.nextInt(names.size()));
            if (random.nextBoolean()) {
                copy.set(name, changed(copy.get(name), random, depth + 1));
            } else {
                copy.remove(name);
            }
        }
        return copy;
    }

    /** Changes that the rule forgives, and one that it does not. */
    private static String textChanged(String text, Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> text.toUpperCase(java.util.Locale.ROOT);
            case 1 -> text.replace(" ", "");
            case 2 -> text.replace(",", " -");
            case 3 -> "*" + text + ".";
            case 4 -> text.replace('\'', '"');
            default -> text + "x";
        };
    }
}
