package dev.hone.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.hone.schema.Grammar.Position;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** On 10,000 random schemas the grammar accepts what an independent validator (networknt) accepts. */
final class ReferenceValidatorTest {
    private static final int SCHEMAS = 10_000;
    private static final int VALUES = 10;
    private static final int MOST_BYTES = 400;

    private final SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    @Test
    void whatTheGrammarWritesIsValidAndWhatIsValidItAccepts() {
        RandomSchemas schemas = new RandomSchemas(1);
        Random random = new Random(2);
        int accepted = 0;
        int refused = 0;
        int written = 0;
        for (int i = 0; i < SCHEMAS; i++) {
            String text = schemas.schema(2).toString();
            Grammar grammar;
            try {
                grammar = Grammar.ofSchema(text);
            } catch (SchemaException e) {
                refused++;
                continue;
            }
            Schema reference = registry.getSchema(text);
            String sample = write(grammar, random);
            if (sample != null) {
                assertTrue(isValid(reference, sample), () -> text + " does not accept " + sample);
                written++;
            }
            for (int j = 0; j < VALUES; j++) {
                String value = schemas.value(2).toString();
                boolean valid = isValid(reference, value);
                assertEquals(valid, GrammarTest.accepts(grammar, value), () -> text + " and " + value);
                accepted += valid ? 1 : 0;
            }
        }
        assertTrue(refused < SCHEMAS / 50, refused + " schemas were refused");
        assertTrue(written > SCHEMAS * 0.9, "only " + written + " texts came to an end");
        assertTrue(accepted > SCHEMAS, "only " + accepted + " values were valid");
    }

    private static boolean isValid(Schema schema, String value) {
        return schema.validate(value, InputFormat.JSON).isEmpty();
    }

    /** A random text of a grammar; null when it came to no end in time. */
    private static @Nullable String write(Grammar grammar, Random random) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        Position position = grammar.start();
        while (text.size() < MOST_BYTES) {
            if (position.mayEnd() && (text.size() > 20 || random.nextInt(3) == 0)) {
                return text.toString(StandardCharsets.UTF_8);
            }
            List<Integer> next = new ArrayList<>();
            for (int b = 0; b < 256; b++) {
                if (grammar.after(position, b) != null) {
                    // What closes something comes more often, so that texts end.
                    int weight = b == '"' || b == '}' || b == ']' ? 40 : 1;
                    for (int i = 0; i < weight; i++) {
                        next.add(b);
                    }
                }
            }
            if (next.isEmpty()) {
                assertTrue(position.mayEnd(), () -> "a dead end after " + text);
                return text.toString(StandardCharsets.UTF_8);
            }
            int b = next.get(random.nextInt(next.size()));
            text.write(b);
            position = Objects.requireNonNull(grammar.after(position, b));
        }
        return null;
    }
}
