package dev.hone.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import dev.hone.schema.Grammar.Position;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.exc.JsonNodeException;

/** On 10,000 random schemas the grammar accepts what an independent validator (networknt) accepts. */
final class ReferenceValidatorTest {
    private static final int SCHEMAS = 10_000;
    private static final int VALUES = 10;
    private static final int MOST_BYTES = 400;

    private final SchemaRegistry registry = FormatsTest.asserting();

    @Test
    void whatTheGrammarWritesIsValidAndWhatIsValidItAccepts() {
        RandomSchemas schemas = new RandomSchemas(1);
        Random random = new Random(2);
        int accepted = 0;
        int refused = 0;
        int empty = 0;
        int undecided = 0;
        int written = 0;
        for (int i = 0; i < SCHEMAS; i++) {
            String text = schemas.schema(2).toString();
            Grammar grammar;
            try {
                grammar = Grammar.ofSchema(text);
            } catch (SchemaException e) {
                refused++;
                if (String.valueOf(e.getMessage()).startsWith("[#] accepts nothing")) {
                    empty++;
                    for (int j = 0; j < VALUES; j++) {
                        String value = schemas.value(2).toString();
                        assertFalse(isValid(registry.getSchema(text), value), () -> text + " accepts " + value);
                    }
                }
                continue;
            }
            Schema reference = registry.getSchema(text);
            String sample = write(grammar, random);
            if (sample != null) {
                try {
                    assertTrue(isValid(reference, sample), () -> text + " does not accept " + sample);
                    written++;
                } catch (JsonNodeException e) {
                    // The validator compares no bound with a number beyond 64 bits.
                    assertTrue(sample.matches(".*[0-9][eE].*"), sample);
                    undecided++;
                }
            }
            for (int j = 0; j < VALUES; j++) {
                String value = schemas.value(2).toString();
                boolean valid = isValid(reference, value);
                assertEquals(valid, GrammarTest.accepts(grammar, value), () -> text + " and " + value);
                accepted += valid ? 1 : 0;
            }
        }
        assertTrue(undecided < SCHEMAS / 100, undecided + " texts could not be judged");
        assertTrue(refused < SCHEMAS / 8, refused + " schemas were refused");
        assertTrue(empty > SCHEMAS / 100, "only " + empty + " schemas were found to accept nothing");
        assertTrue(written > SCHEMAS * 0.85, "only " + written + " texts came to an end");
        assertTrue(accepted > SCHEMAS, "only " + accepted + " values were valid");
    }

    private static boolean isValid(Schema schema, String value) {
        return schema.validate(value, InputFormat.JSON).isEmpty();
    }

    /** A random text of a grammar; null when it came to no end in time. */
    static @Nullable String write(Grammar grammar, Random random) {
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
