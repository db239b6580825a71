package dev.hone.grade;

import dev.hone.grade.PythonValue.Type;
import dev.hone.record.Grader;
import dev.hone.record.Task;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code tool_call}: whether an output is the right call of the right tool, by the rule of the Berkeley function-calling
 * leaderboard for a single call (bfcl-eval 2026.3.23, {@code ast_checker.py}, Python): the function, every required
 * argument, every given argument of the declared type and among the accepted values (strings without case, spaces and some
 * punctuation; numbers by value), nothing else. The score is 1 or 0; the parts tell how far it came.
 *
 * <p>An output is {@code {"name": …, "arguments": {…}}}. A task has the tools in its input and the accepted values in its
 * metadata ({@link #ACCEPTED}): {@code {function: {argument: [value, …]}}}, where the value {@code ""} means that the
 * argument may be left out.
 */
public final class ToolCallGrader implements Grader {
    /** Name of the metadatum with the accepted values. */
    public static final String ACCEPTED = "accepted";

    /** Name of the part: one JSON object with name and arguments. */
    public static final String VALID = "valid";

    /** Name of the part: the right function. */
    public static final String FUNCTION = "function";

    /** Beginning of the name of a part for each argument. */
    static final String ARGUMENT = "argument.";

    private static final int MOST_CHARACTERS = 100_000;
    private static final JsonMapper STRICT = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(50)
                            .maxNumberLength(400)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Why a call is wrong. */
    private record Wrong(String reason) {}

    @Override
    public Grade grade(Task task, String output) {
        Map<String, Double> parts = new LinkedHashMap<>();
        parts.put(VALID, 0.0);
        parts.put(FUNCTION, 0.0);
        JsonNode call = parse(output);
        if (call == null) {
            return new Grade(0, parts, "The output is not one JSON object with [name] and [arguments]");
        }
        parts.put(VALID, 1.0);
        Map.Entry<String, JsonNode> accepted =
                STRICT.readTree(task.require(ACCEPTED)).properties().iterator().next();
        if (!call.path("name").stringValue().equals(accepted.getKey())) {
            return new Grade(0, parts, "Calls [%s] instead of [%s]".formatted(call.path("name"), accepted.getKey()));
        }
        parts.put(FUNCTION, 1.0);
        JsonNode parameters = parameters(task, accepted.getKey());
        Wrong wrong = wrong(parameters, call.path("arguments"), accepted.getValue(), parts);
        return new Grade(wrong == null ? 1 : 0, parts, wrong == null ? "" : wrong.reason());
    }

    private static @Nullable JsonNode parse(String output) {
        if (output.length() > MOST_CHARACTERS) {
            return null;
        }
        try {
            JsonNode call = STRICT.readTree(output.strip());
            boolean wellFormed = call.isObject()
                    && call.size() == 2
                    && call.path("name").isString()
                    && call.path("arguments").isObject();
            return wellFormed ? call : null;
        } catch (JacksonException e) {
            return null;
        }
    }

    private static JsonNode parameters(Task task, String function) {
        for (String tool : task.input().tools()) {
            JsonNode description = STRICT.readTree(tool).path("function");
            if (description.path("name").asString("").equals(function)) {
                return description.path("parameters");
            }
        }
        throw new IllegalArgumentException(
                "Task [%s] accepts [%s], which it does not offer".formatted(task.id(), function));
    }

    /** The first thing that is wrong; adds a part for every argument that is accepted. */
    private static @Nullable Wrong wrong(
            JsonNode parameters, JsonNode arguments, JsonNode accepted, Map<String, Double> parts) {
        Wrong first = null;
        for (JsonNode required : parameters.path("required")) {
            if (!arguments.has(required.asString("")) && first == null) {
                first = new Wrong("Lacks the required argument [%s]".formatted(required.asString("")));
            }
        }
        for (Map.Entry<String, JsonNode> argument : arguments.properties()) {
            JsonNode declared = parameters.path("properties").get(argument.getKey());
            JsonNode values = accepted.get(argument.getKey());
            Wrong wrong = declared == null || values == null
                    ? new Wrong("Gives the argument [%s], which nobody asked for".formatted(argument.getKey()))
                    : wrongValue(argument.getKey(), argument.getValue(), declared, values);
            if (values != null) {
                parts.put(ARGUMENT + argument.getKey(), wrong == null ? 1.0 : 0.0);
            }
            first = first == null ? wrong : first;
        }
        for (Map.Entry<String, JsonNode> expected : accepted.properties()) {
            if (!arguments.has(expected.getKey())) {
                boolean optional = contains(expected.getValue(), "");
                parts.put(ARGUMENT + expected.getKey(), optional ? 1.0 : 0.0);
                if (!optional && first == null) {
                    first = new Wrong("Lacks the argument [%s]".formatted(expected.getKey()));
                }
            }
        }
        return first;
    }

    private static @Nullable Wrong wrongValue(String name, JsonNode value, JsonNode declared, JsonNode accepted) {
        String declaredType = declared.path("type").asString("");
        Type expected = type(declaredType);
        Type nested =
                expected == Type.LIST ? type(declared.path("items").path("type").asString("")) : null;
        // Python turns an integer into a float where one is declared.
        Type given = declaredType.equals("float") && PythonValue.type(value) == Type.INTEGER
                ? Type.FLOAT
                : PythonValue.type(value);
        Type acceptedType = firstType(accepted);
        // Where the accepted values have another type than the declared one, they are compared as they are.
        boolean asTheyAre = acceptedType != null && acceptedType != expected;
        if (given == expected) {
            if (nested != null && !hasNestedType(value, nested, accepted)) {
                return new Wrong("Argument [%s] has an element of another type: [%s]".formatted(name, value));
            }
        } else if (acceptedType != null && given == acceptedType) {
            asTheyAre = true;
        } else {
            return new Wrong("Argument [%s] should be of type [%s]: [%s]".formatted(name, declaredType, value));
        }
        return isAccepted(value, expected, nested, accepted, asTheyAre)
                ? null
                : new Wrong("Argument [%s] is [%s], not one of %s".formatted(name, value, accepted));
    }

    private static boolean isAccepted(
            JsonNode value, Type expected, @Nullable Type nested, JsonNode accepted, boolean asTheyAre) {
        if (!asTheyAre) {
            if (expected == Type.DICT) {
                return any(accepted, candidate -> isAcceptedDict(value, candidate));
            }
            if (expected == Type.LIST && nested == Type.DICT) {
                return any(accepted, candidate -> isAcceptedListOfDicts(value, candidate));
            }
            if (expected == Type.STRING) {
                return any(accepted, candidate -> candidate.isString() && PythonValue.alike(value, candidate));
            }
            if (expected == Type.LIST) {
                return any(accepted, candidate -> isAcceptedList(value, candidate));
            }
        }
        return any(accepted, candidate -> PythonValue.equal(value, candidate));
    }

    private static boolean isAcceptedList(JsonNode value, JsonNode candidate) {
        List<JsonNode> elements = elements(candidate);
        if (value.size() != elements.size()) {
            return false;
        }
        for (int i = 0; i < value.size(); i++) {
            if (!PythonValue.alike(value.get(i), elements.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAcceptedListOfDicts(JsonNode value, JsonNode candidate) {
        List<JsonNode> elements = elements(candidate);
        if (value.size() != elements.size()) {
            return false;
        }
        for (int i = 0; i < value.size(); i++) {
            if (!isAcceptedDict(value.get(i), elements.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAcceptedDict(JsonNode value, JsonNode candidate) {
        if (!value.isObject() || !candidate.isObject()) {
            return false;
        }
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
            JsonNode values = candidate.get(entry.getKey());
            if (values == null
                    || elements(values).stream().noneMatch(one -> PythonValue.alike(entry.getValue(), one))) {
                return false;
            }
        }
        for (Map.Entry<String, JsonNode> entry : candidate.properties()) {
            if (!value.has(entry.getKey()) && !contains(entry.getValue(), "")) {
                return false;
            }
        }
        return true;
    }

    /** Whether all elements have the nested type, or the type of the elements of an accepted list. */
    private static boolean hasNestedType(JsonNode value, Type nested, JsonNode accepted) {
        return any(accepted, candidate -> {
            if (!candidate.isArray()) {
                return true;
            }
            Type alternative = firstType(candidate);
            for (JsonNode element : value) {
                Type type = PythonValue.type(element);
                if (type != nested && (alternative == null || type != alternative)) {
                    return false;
                }
            }
            return true;
        });
    }

    private static boolean any(JsonNode accepted, Predicate<JsonNode> holds) {
        return elements(accepted).stream().anyMatch(holds);
    }

    /** The elements as Python iterates: of a list its elements, of a string its characters. */
    private static List<JsonNode> elements(JsonNode value) {
        List<JsonNode> elements = new ArrayList<>();
        if (value.isString()) {
            value.stringValue()
                    .codePoints()
                    .forEach(point -> elements.add(STRICT.getNodeFactory().stringNode(Character.toString(point))));
        } else {
            value.forEach(elements::add);
        }
        return elements;
    }

    private static boolean contains(JsonNode values, String text) {
        return values.isString()
                ? values.stringValue().contains(text)
                : any(values, one -> one.isString() && one.stringValue().equals(text));
    }

    /** Type of the first accepted value that is not {@code ""}, or null. */
    private static @Nullable Type firstType(JsonNode accepted) {
        for (JsonNode value : accepted) {
            if (!(value.isString() && value.stringValue().isEmpty())) {
                return PythonValue.type(value);
            }
        }
        return null;
    }

    private static Type type(String declared) {
        return switch (declared) {
            case "string", "any" -> Type.STRING;
            case "integer" -> Type.INTEGER;
            case "float", "number" -> Type.FLOAT;
            case "boolean" -> Type.BOOLEAN;
            case "array", "tuple" -> Type.LIST;
            case "dict", "object" -> Type.DICT;
            default -> throw new IllegalArgumentException("A tool declares the unknown type [" + declared + "]");
        };
    }
}
