package dev.hone.cli;

import dev.hone.record.Constraint;
import dev.hone.schema.Grammar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What answers must be. */
final class SchemaOption {
    @Option(
            names = "--schema",
            paramLabel = "FILE",
            description = "A JSON Schema: answers are its values, or cut by length (docs/constraints.md).")
    private @Nullable Path schema;

    /**
     * @throws dev.hone.schema.SchemaException when the schema cannot be followed
     * @throws IOException when the file cannot be read
     */
    Constraint constraint() throws IOException {
        if (schema == null) {
            return new Constraint.None();
        }
        String text = Files.readString(schema);
        Grammar.ofSchema(text);
        return new Constraint.Schema(text);
    }
}
