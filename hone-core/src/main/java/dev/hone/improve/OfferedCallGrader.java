package dev.hone.improve;

import dev.hone.grade.JsonSchemaGrader;
import dev.hone.record.Grader;
import dev.hone.record.Task;
import dev.hone.task.OfferedCalls;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whether an output calls a tool that was offered, with arguments of its schema. Which call would be right it does not know. */
final class OfferedCallGrader implements Grader {
    @Override
    public Grade grade(Task task, String output) {
        JsonNode call = tree(output);
        if (call == null
                || !call.path("name").isString()
                || !call.path("arguments").isObject()) {
            return wrong("The output is not one JSON object with [name] and [arguments]");
        }
        String name = call.path("name").asString();
        for (String tool : task.input().tools()) {
            if (name.equals(
                    tree(tool) instanceof JsonNode read
                            ? read.at("/function/name").asString("")
                            : "")) {
                return arguments(tool, call.path("arguments"));
            }
        }
        return wrong("Calls [%s], which was not offered".formatted(name));
    }

    private static Grade arguments(String tool, JsonNode arguments) {
        JsonNode parameters;
        JsonSchemaGrader schema;
        try {
            parameters = JsonMapper.shared()
                    .readTree(OfferedCalls.of(List.of(tool)).tools().getFirst())
                    .at("/function/parameters");
            if (parameters.isMissingNode()) {
                return arguments.isEmpty() ? new Grade(1, Map.of(), "") : wrong("The tool takes no arguments");
            }
            schema = new JsonSchemaGrader(parameters.toString());
        } catch (RuntimeException e) {
            // The product's own schema is none: then nothing can be said of the arguments.
            return new Grade(1, Map.of(), "");
        }
        Grade grade = schema.grade(new Task("", dev.hone.record.Conversation.of(), "", Map.of()), arguments.toString());
        return grade.score() == 1 ? new Grade(1, Map.of(), "") : wrong(grade.reason());
    }

    private static @Nullable JsonNode tree(String text) {
        try {
            return JsonMapper.shared().readTree(text.strip());
        } catch (JacksonException e) {
            return null;
        }
    }

    private static Grade wrong(String reason) {
        return new Grade(0, Map.of(), reason.isEmpty() ? "The arguments do not fit" : reason);
    }
}
