package dev.hone.schema;

import dev.hone.schema.Shape.Property;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The shape of a call to one of some tools. */
final class CallShapes {
    private CallShapes() {}

    static Shape of(List<String> tools) {
        if (tools.isEmpty()) {
            throw new SchemaException("No tool is offered, so none can be called");
        }
        List<Shape> calls = new ArrayList<>();
        for (String tool : tools) {
            calls.add(call(SchemaReader.parse(tool)));
        }
        return calls.size() == 1 ? calls.getFirst() : new Shape.Either(calls);
    }

    private static Shape call(JsonNode tool) {
        JsonNode function = tool.path("function");
        JsonNode name = function.path("name");
        if (!name.isString()) {
            throw new SchemaException("A tool has no [function] with a [name]: %s".formatted(tool));
        }
        JsonNode parameters = function.path("parameters");
        Shape arguments;
        try {
            arguments = parameters.isMissingNode() || parameters.isNull()
                    ? SchemaReader.members(List.of(), null, true)
                    : SchemaReader.read(parameters);
        } catch (SchemaException e) {
            throw new SchemaException("Tool [%s]: %s".formatted(name.stringValue(), e.getMessage()));
        }
        Shape called = SchemaReader.fixed(List.of(JsonNodeFactory.instance.stringNode(name.stringValue())));
        return SchemaReader.members(
                List.of(new Property("name", called, true), new Property("arguments", arguments, true)), null, true);
    }
}
