package dev.hone.charter;

import dev.hone.grade.GraderDefinition;
import dev.hone.grade.GraderDefinition.Multi;
import dev.hone.grade.StringCheckGrader.Operation;
import dev.hone.settings.Fields;
import dev.hone.settings.Nearest;
import dev.hone.settings.SettingsException;
import dev.hone.settings.YamlJson;
import dev.hone.settings.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Reads how an output is judged: {@code kind}, and what a grader of that kind needs. */
final class GraderReader {
    private static final List<String> OF_A_PART = List.of("name", "weight");

    /** The kinds of graders with their keys. */
    private enum Kind {
        STRING_CHECK("operation"),
        LABEL("classes"),
        JSON_SCHEMA("schema"),
        NUMERIC("tolerance"),
        TAXONOMY("parents"),
        TOOL_CALL,
        MULTI("parts");

        private final List<String> keys;

        Kind(String... keys) {
            this.keys = List.of(keys);
        }

        static List<String> names() {
            return Stream.of(values())
                    .map(kind -> kind.name().toLowerCase(Locale.ROOT))
                    .toList();
        }
    }

    private GraderReader() {}

    static GraderDefinition read(String file, YamlNode node) {
        return read(file, node, "[good]", List.of());
    }

    private static GraderDefinition read(String file, YamlNode node, String what, List<String> beside) {
        Kind kind = kind(file, Fields.mapping(file, node, what));
        List<String> known = Stream.of(List.of("kind"), kind.keys, beside)
                .flatMap(List::stream)
                .toList();
        Fields fields = Fields.of(file, node, what, known);
        try {
            return definition(kind, fields);
        } catch (SettingsException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            // What the grader itself refuses.
            throw new SettingsException("%s in [%s] line %d: %s".formatted(what, file, node.line(), e.getMessage()));
        }
    }

    private static Kind kind(String file, YamlNode.Mapping mapping) {
        List<String> names = Kind.names();
        YamlNode node = mapping.entries().get("kind");
        String given = node instanceof YamlNode.Scalar scalar ? scalar.text() : "";
        int at = names.indexOf(given);
        if (at < 0) {
            throw SettingsException.at(
                    file,
                    mapping.lineOf("kind"),
                    node == null ? "Key [kind] is missing" : "Unknown kind of grader [%s]".formatted(given),
                    Nearest.to(given, names)
                            .map("did you mean [%s]?"::formatted)
                            .orElseGet(() -> "known are " + Fields.list(names)));
        }
        return Kind.values()[at];
    }

    private static GraderDefinition definition(Kind kind, Fields fields) {
        return switch (kind) {
            case STRING_CHECK -> new GraderDefinition.StringCheck(operation(fields));
            case LABEL ->
                new GraderDefinition.Label(
                        fields.listsByName("classes", "give the classes, with lists of other names"));
            case JSON_SCHEMA ->
                new GraderDefinition.JsonSchema(
                        YamlJson.of(fields.file(), fields.require("schema", "give a JSON Schema"))
                                .toString());
            case NUMERIC -> {
                Double tolerance = fields.number("tolerance", "give a share of the right number, for instance [0.01]");
                yield new GraderDefinition.Numeric(tolerance == null ? 0 : tolerance);
            }
            case TAXONOMY ->
                new GraderDefinition.Taxonomy(fields.textsByName("parents", "give the class above each class"));
            case TOOL_CALL -> new GraderDefinition.ToolCall();
            case MULTI -> new Multi(parts(fields));
        };
    }

    private static Operation operation(Fields fields) {
        String remedy = "give [eq], [like] or [ilike]";
        String name = fields.text("operation", remedy);
        return Stream.of(Operation.values())
                .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .orElseThrow(() -> fields.wrong("operation", "is [%s]".formatted(name), remedy));
    }

    private static List<Multi.Part> parts(Fields fields) {
        String remedy = "give a list of graders, each with a [name]";
        if (!(fields.require("parts", remedy) instanceof YamlNode.Sequence sequence)) {
            throw fields.wrong("parts", "is no list", remedy);
        }
        List<Multi.Part> parts = new ArrayList<>();
        for (YamlNode item : sequence.items()) {
            GraderDefinition grader = read(fields.file(), item, "A part of [parts]", OF_A_PART);
            List<String> known = List.copyOf(Fields.mapping(fields.file(), item, "A part of [parts]")
                    .entries()
                    .keySet());
            Fields part = Fields.of(fields.file(), item, "A part of [parts]", known);
            Double weight = part.number("weight", "give a weight above 0");
            parts.add(new Multi.Part(part.text("name", "name the part"), weight == null ? 1 : weight, grader));
        }
        return parts;
    }
}
