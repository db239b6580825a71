package dev.hone.grade;

import dev.hone.record.Task;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A call of another function, with an argument that nobody asked for, without one that is needed, with a wrong value. */
final class CallCorruption implements Corruption {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    @Override
    public List<Corrupted> of(Task task) {
        ObjectNode call = call(task);
        ObjectNode arguments = (ObjectNode) call.get("arguments");
        JsonNode accepted = JSON.readTree(task.require(ToolCallGrader.ACCEPTED))
                .path(call.path("name").stringValue());
        List<Corrupted> wrong = new ArrayList<>();
        wrong.add(Corrupted.of("another function", anotherFunction(task, call)));
        ObjectNode added = call.deepCopy();
        ((ObjectNode) added.get("arguments")).put(unused(arguments), 1);
        wrong.add(Corrupted.of("an argument that nobody asked for", added.toString()));
        for (Map.Entry<String, JsonNode> argument : arguments.properties()) {
            JsonNode values = accepted.path(argument.getKey());
            if (!mayBeLeftOut(values)) {
                ObjectNode less = call.deepCopy();
                ((ObjectNode) less.get("arguments")).remove(argument.getKey());
                wrong.add(Corrupted.of("without [%s]".formatted(argument.getKey()), less.toString()));
            }
            another(argument.getValue(), values).ifPresent(value -> {
                ObjectNode changed = call.deepCopy();
                ((ObjectNode) changed.get("arguments")).set(argument.getKey(), value);
                wrong.add(Corrupted.of("another [%s]".formatted(argument.getKey()), changed.toString()));
            });
        }
        return wrong;
    }

    private static ObjectNode call(Task task) {
        try {
            if (JSON.readTree(task.reference()) instanceof ObjectNode call
                    && call.path("name").isString()
                    && call.path("arguments").isObject()) {
                return call;
            }
        } catch (JacksonException e) {
            // Said below.
        }
        throw new IllegalArgumentException("Task [%s] has a reference that is no call with [name] and [arguments]: [%s]"
                .formatted(task.id(), task.reference()));
    }

    /** One that is offered beside the right one, else one that nobody offers. */
    private static String anotherFunction(Task task, ObjectNode call) {
        String right = call.path("name").stringValue();
        String other = task.input().tools().stream()
                .map(tool -> JSON.readTree(tool).path("function").path("name").asString(""))
                .filter(name -> !name.isEmpty() && !name.equals(right))
                .findFirst()
                .orElse(right + "_other");
        return call.deepCopy().put("name", other).toString();
    }

    private static String unused(ObjectNode arguments) {
        String name = "unasked";
        while (arguments.has(name)) {
            name += "_";
        }
        return name;
    }

    private static boolean mayBeLeftOut(JsonNode values) {
        return values.isString() || values.valueStream().anyMatch(value -> value.isString() && isEmpty(value));
    }

    private static boolean isEmpty(JsonNode value) {
        return value.stringValue().isEmpty();
    }

    /** A value of the same type that is none of those accepted; empty when there is none. */
    private static Optional<JsonNode> another(JsonNode value, JsonNode accepted) {
        return switch (value.getNodeType()) {
            case STRING -> Optional.of(NODES.stringNode(value.stringValue() + "zq"));
            case NUMBER -> Optional.of(aboveAll(value, accepted));
            case BOOLEAN -> {
                JsonNode other = NODES.booleanNode(!value.booleanValue());
                yield accepted.valueStream().anyMatch(other::equals) ? Optional.empty() : Optional.of(other);
            }
            case ARRAY -> {
                JsonNode more = value.deepCopy();
                ((ArrayNode) more).add(value.isEmpty() ? NODES.stringNode("zq") : value.get(0));
                yield accepted.valueStream().anyMatch(one -> one.size() == more.size())
                        ? Optional.empty()
                        : Optional.of(more);
            }
            case OBJECT -> Optional.of(((ObjectNode) value.deepCopy()).put(unused((ObjectNode) value), 1));
            case NULL -> Optional.of(NODES.stringNode("zq"));
            case MISSING, BINARY, POJO -> Optional.empty();
        };
    }

    private static JsonNode aboveAll(JsonNode value, JsonNode accepted) {
        BigDecimal most = value.decimalValue();
        for (JsonNode one : accepted) {
            most = one.isNumber() ? most.max(one.decimalValue()) : most;
        }
        BigDecimal more = most.add(BigDecimal.ONE);
        return value.isIntegralNumber() ? NODES.numberNode(more.toBigInteger()) : NODES.numberNode(more);
    }
}
