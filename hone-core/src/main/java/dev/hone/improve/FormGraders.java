package dev.hone.improve;

import dev.hone.grade.GraderDefinition;
import dev.hone.grade.GraderDefinition.Multi;
import dev.hone.grade.JsonSchemaGrader;
import dev.hone.grade.LabelGrader;
import dev.hone.grade.NumericGrader;
import dev.hone.grade.ToolCallGrader;
import dev.hone.record.Grader;
import dev.hone.record.Grader.Grade;
import dev.hone.record.Task;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * How an answer of production is graded where nobody knows the right one: by what the charter's definition of good says of its form. None of it
 * costs anything, and none asks anybody.
 */
public final class FormGraders {
    private final GraderDefinition good;
    private final Map<String, Grader> graders = new LinkedHashMap<>();
    private final @Nullable LabelGrader labels;

    public FormGraders(GraderDefinition good) {
        this.good = good;
        add(good, "");
        this.labels = labels(good);
    }

    private void add(GraderDefinition definition, String before) {
        switch (definition) {
            case GraderDefinition.JsonSchema schema ->
                graders.put(before + "json_schema", new JsonSchemaGrader(schema.schema()));
            case GraderDefinition.Label label ->
                graders.put(before + "label", new Known(new LabelGrader(label.classes())));
            case GraderDefinition.Taxonomy taxonomy -> graders.put(before + "taxonomy", new Known(classes(taxonomy)));
            case GraderDefinition.Numeric numeric -> graders.put(before + "numeric", FormGraders::number);
            case GraderDefinition.StringCheck check -> graders.put(before + "string_check", FormGraders::text);
            case GraderDefinition.ToolCall call -> graders.put(before + "tool_call", new OfferedCallGrader());
            case Multi multi -> multi.parts().forEach(part -> add(part.grader(), before + part.name() + "."));
        }
    }

    private static LabelGrader classes(GraderDefinition.Taxonomy taxonomy) {
        Map<String, List<String>> names = new LinkedHashMap<>();
        taxonomy.parents().forEach((name, parent) -> {
            names.put(name, List.of());
            names.putIfAbsent(parent, List.of());
        });
        return new LabelGrader(names);
    }

    private static @Nullable LabelGrader labels(GraderDefinition definition) {
        return switch (definition) {
            case GraderDefinition.Label label -> new LabelGrader(label.classes());
            case GraderDefinition.Taxonomy taxonomy -> classes(taxonomy);
            case Multi multi ->
                multi.parts().stream()
                        .map(part -> labels(part.grader()))
                        .filter(found -> found != null)
                        .findFirst()
                        .orElse(null);
            case GraderDefinition.StringCheck check -> null;
            case GraderDefinition.JsonSchema schema -> null;
            case GraderDefinition.Numeric numeric -> null;
            case GraderDefinition.ToolCall call -> null;
        };
    }

    /** Classes that may be answered, in their order; none where answers are no labels. */
    public static List<String> classes(GraderDefinition definition) {
        return switch (definition) {
            case GraderDefinition.Label label -> List.copyOf(label.classes().keySet());
            case GraderDefinition.Taxonomy taxonomy -> {
                List<String> names = new ArrayList<>(taxonomy.parents().keySet());
                taxonomy.parents().values().stream()
                        .filter(parent -> !names.contains(parent))
                        .distinct()
                        .forEach(names::add);
                yield names;
            }
            case Multi multi ->
                multi.parts().stream()
                        .map(part -> classes(part.grader()))
                        .filter(found -> !found.isEmpty())
                        .findFirst()
                        .orElse(List.of());
            case GraderDefinition.StringCheck check -> List.of();
            case GraderDefinition.JsonSchema schema -> List.of();
            case GraderDefinition.Numeric numeric -> List.of();
            case GraderDefinition.ToolCall call -> List.of();
        };
    }

    /** Whether its grader tells of two answers whether they are the same: it does where there are few, and not of what everybody writes in their own words. */
    public static boolean compares(GraderDefinition definition) {
        return switch (definition) {
            case GraderDefinition.Label label -> true;
            case GraderDefinition.Taxonomy taxonomy -> true;
            case GraderDefinition.Numeric numeric -> true;
            case GraderDefinition.ToolCall call -> true;
            case GraderDefinition.StringCheck check -> false;
            case GraderDefinition.JsonSchema schema -> false;
            case Multi multi -> multi.parts().stream().anyMatch(part -> compares(part.grader()));
        };
    }

    /** Whether an output names one of some classes. */
    private record Known(LabelGrader labels) implements Grader {
        @Override
        public Grade grade(Task task, String output) {
            return labels.classOf(output) == null
                    ? new Grade(0, Map.of(), "The output is none of the classes")
                    : new Grade(1, Map.of(), "");
        }
    }

    private static Grade number(Task task, String output) {
        boolean given = new NumericGrader(0)
                        .grade(task.withReference("1"), output)
                        .parts()
                        .getOrDefault("number", 0.0)
                > 0;
        return new Grade(given ? 1 : 0, Map.of(), given ? "" : "The output gives no number as its answer");
    }

    private static Grade text(Task task, String output) {
        return output.isBlank() ? new Grade(0, Map.of(), "The output is empty") : new Grade(1, Map.of(), "");
    }

    /** Names of the graders. */
    public List<String> names() {
        return List.copyOf(graders.keySet());
    }

    /** Scores of an answer by the names of the graders. */
    public Map<String, Double> grade(SeenCall call) {
        Map<String, Double> scores = new LinkedHashMap<>();
        graders.forEach((name, grader) ->
                scores.put(name, grader.grade(call.task(""), call.output()).score()));
        return scores;
    }

    /**
     * What the answer is called: the tool that it calls, the class that it names, or what it is where it is neither.
     */
    public String name(SeenCall call) {
        if (!call.calls().isEmpty()) {
            return call.calls().getFirst().name();
        }
        if (labels == null) {
            return "(text)";
        }
        String named = labels.classOf(call.output());
        return named == null ? "(no class)" : named;
    }

    /** The class that an answer names; empty where answers are no labels, or it names none. */
    public String className(SeenCall call) {
        String named = labels == null || !call.calls().isEmpty() ? null : labels.classOf(call.output());
        return named == null ? "" : named;
    }

    /** The score of an answer against a demonstration, by the charter's own rule; empty where they cannot be compared. */
    public Optional<Double> against(SeenCall call, String demonstration) {
        try {
            JsonNode message = JsonMapper.shared().readTree(demonstration);
            JsonNode function = message.path("tool_calls").path(0).path("function");
            if (!function.isObject()) {
                return Optional.of(good.grader()
                        .grade(call.task(message.path("content").asString("")), call.output())
                        .score());
            }
            JsonNode arguments =
                    JsonMapper.shared().readTree(function.path("arguments").asString("{}"));
            ObjectNode accepted = JsonMapper.shared().createObjectNode();
            ObjectNode values = accepted.putObject(function.path("name").asString("?"));
            arguments
                    .properties()
                    .forEach(entry -> values.putArray(entry.getKey()).add(entry.getValue()));
            Task task = new Task(
                    call.trace().toString(),
                    call.input(),
                    JsonMapper.shared()
                            .createObjectNode()
                            .put("name", function.path("name").asString("?"))
                            .set("arguments", arguments)
                            .toString(),
                    Map.of(ToolCallGrader.ACCEPTED, accepted.toString()));
            return Optional.of(good.grader().grade(task, call.output()).score());
        } catch (JacksonException | IllegalArgumentException e) {
            // The demonstration is none of the classes, or calls a tool that was not offered: nothing is said of the
            // answer.
            return Optional.empty();
        }
    }
}
