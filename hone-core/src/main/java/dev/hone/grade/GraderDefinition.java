package dev.hone.grade;

import dev.hone.grade.Corruption.Corrupted;
import dev.hone.grade.StringCheckGrader.Operation;
import dev.hone.record.Grader;
import dev.hone.record.Task;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** A grader as data: its kind and parameters. Read from a use case's charter; checked against the gold by {@link GoldCheck}. */
public sealed interface GraderDefinition {
    /** The name of the kind. */
    String kind();

    Grader grader();

    /** What must not be called right. */
    Corruption corruption();

    /** {@link StringCheckGrader}. */
    record StringCheck(Operation operation) implements GraderDefinition {
        public StringCheck {
            if (operation == Operation.NE) {
                throw new IllegalArgumentException(
                        "Operation [ne] calls every reference wrong: what is good needs [eq], [like] or [ilike]");
            }
        }

        @Override
        public String kind() {
            return "string_check";
        }

        @Override
        public Grader grader() {
            return new StringCheckGrader(operation);
        }

        /** Without its last character, a text neither is nor contains what it was. */
        @Override
        public Corruption corruption() {
            return task -> {
                String right = task.reference().strip();
                return List.of(
                        right.isEmpty()
                                ? Corrupted.of("another text", "another")
                                : Corrupted.of(
                                        "last character left out",
                                        right.substring(0, right.offsetByCodePoints(right.length(), -1))));
            };
        }
    }

    /**
     * {@link LabelGrader}.
     *
     * @param classes other names of each class
     */
    record Label(Map<String, List<String>> classes) implements GraderDefinition {
        public Label {
            Map<String, List<String>> copy = new LinkedHashMap<>();
            classes.forEach((name, aliases) -> copy.put(name, List.copyOf(aliases)));
            classes = Collections.unmodifiableMap(copy);
            var checked = new LabelGrader(classes);
        }

        @Override
        public String kind() {
            return "label";
        }

        @Override
        public Grader grader() {
            return new LabelGrader(classes);
        }

        @Override
        public Corruption corruption() {
            return new LabelCorruption(new LabelGrader(classes), new TreeSet<>(classes.keySet()));
        }
    }

    /**
     * {@link JsonSchemaGrader}.
     *
     * @param schema as JSON text
     */
    record JsonSchema(String schema) implements GraderDefinition {
        public JsonSchema {
            var checked = new JsonSchemaGrader(schema);
        }

        @Override
        public String kind() {
            return "json_schema";
        }

        @Override
        public Grader grader() {
            return new JsonSchemaGrader(schema);
        }

        @Override
        public Corruption corruption() {
            return new JsonCorruption();
        }
    }

    /** {@link NumericGrader}. */
    record Numeric(double tolerance) implements GraderDefinition {
        public Numeric {
            var checked = new NumericGrader(tolerance);
        }

        @Override
        public String kind() {
            return "numeric";
        }

        @Override
        public Grader grader() {
            return new NumericGrader(tolerance);
        }

        @Override
        public Corruption corruption() {
            return this::anotherNumber;
        }

        private List<Corrupted> anotherNumber(Task task) {
            return List.of(Corrupted.of("number + 1", NumericGrader.right(task).plusOne(tolerance)));
        }
    }

    /**
     * {@link TaxonomyGrader}.
     *
     * @param parents the class above each
     */
    record Taxonomy(Map<String, String> parents) implements GraderDefinition {
        public Taxonomy {
            parents = Collections.unmodifiableMap(new LinkedHashMap<>(parents));
            var checked = new TaxonomyGrader(parents);
        }

        @Override
        public String kind() {
            return "taxonomy";
        }

        @Override
        public Grader grader() {
            return new TaxonomyGrader(parents);
        }

        @Override
        public Corruption corruption() {
            TreeSet<String> classes = new TreeSet<>(parents.keySet());
            classes.addAll(parents.values());
            Map<String, List<String>> names = new LinkedHashMap<>();
            classes.forEach(name -> names.put(name, List.of()));
            return new LabelCorruption(new LabelGrader(names), classes);
        }
    }

    /** {@link ToolCallGrader}. */
    record ToolCall() implements GraderDefinition {
        @Override
        public String kind() {
            return "tool_call";
        }

        @Override
        public Grader grader() {
            return new ToolCallGrader();
        }

        @Override
        public Corruption corruption() {
            return new CallCorruption();
        }
    }

    /** {@link MultiGrader}. */
    record Multi(List<Part> parts) implements GraderDefinition {
        /** A named grader of several. */
        public record Part(String name, double weight, GraderDefinition grader) {
            private MultiGrader.Part made() {
                return new MultiGrader.Part(name, grader.grader(), weight);
            }
        }

        public Multi {
            parts = List.copyOf(parts);
            var checked = new MultiGrader(parts.stream().map(Part::made).toList());
        }

        @Override
        public String kind() {
            return "multi";
        }

        @Override
        public Grader grader() {
            return new MultiGrader(parts.stream().map(Part::made).toList());
        }

        /** What one part must not call right, the mean does not either. */
        @Override
        public Corruption corruption() {
            return task -> parts.stream()
                    .flatMap(part -> part.grader().corruption().of(task).stream()
                            .map(one -> new Corrupted(part.name() + ": " + one.kind(), one.outputs())))
                    .toList();
        }
    }
}
