package dev.hone.grade;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.dialect.Dialects;
import dev.hone.record.Grader;
import dev.hone.record.Task;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** {@code json_schema}: whether an output is one JSON value of a schema (draft 2020-12). */
public final class JsonSchemaGrader implements Grader {
    private static final int MOST_CHARACTERS = 1_000_000;
    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private final Schema schema;

    /** @throws IllegalArgumentException when the schema is none */
    public JsonSchemaGrader(String schema) {
        try {
            STRICT.readTree(schema);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("A schema is not JSON: " + e.getOriginalMessage(), e);
        }
        List<Error> errors = SCHEMAS.getSchema(
                        SchemaLocation.of(Dialects.getDraft202012().getId()))
                .validate(schema, InputFormat.JSON);
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException("[%s] is no schema of draft 2020-12 at [%s]: %s"
                    .formatted(
                            schema,
                            errors.getFirst().getInstanceLocation(),
                            errors.getFirst().getMessage()));
        }
        this.schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schema);
    }

    @Override
    public Grade grade(Task task, String output) {
        if (output.length() > MOST_CHARACTERS) {
            return new Grade(0, Map.of("json", 0.0), "The output has [%d] characters".formatted(output.length()));
        }
        try {
            STRICT.readTree(output.strip());
        } catch (JacksonException e) {
            return new Grade(0, Map.of("json", 0.0), "The output is not one JSON value");
        }
        List<Error> errors = schema.validate(output.strip(), InputFormat.JSON);
        return new Grade(
                errors.isEmpty() ? 1 : 0,
                Map.of("json", 1.0),
                errors.isEmpty() ? "" : String.valueOf(errors.getFirst().getMessage()));
    }
}
