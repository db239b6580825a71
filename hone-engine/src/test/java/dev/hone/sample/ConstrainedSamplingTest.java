package dev.hone.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.model.ModelConfig;
import dev.hone.model.ModelConfig.Architecture;
import dev.hone.model.ModelConfig.Rope;
import dev.hone.model.ModelConfig.Scaling;
import dev.hone.model.Weights;
import dev.hone.record.Constraint;
import dev.hone.record.DecodeTime;
import dev.hone.record.Sample;
import dev.hone.record.Sample.StopReason;
import dev.hone.record.SampleRequest;
import dev.hone.record.SamplingMode;
import dev.hone.record.SamplingParams;
import dev.hone.schema.SchemaException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A model of random weights writes what its constraint allows, and nothing else. */
class ConstrainedSamplingTest {
    private static final List<String> PIECES = List.of(
            "{\"name\":\"",
            "{",
            "}",
            "\"",
            ":",
            ",",
            " ",
            "a",
            "b",
            "ab",
            "\":",
            "arguments",
            "\",\"arguments\":{",
            "0",
            "1",
            "12",
            "-",
            "true",
            "null",
            "[",
            "]",
            "e",
            "n",
            "m",
            "r",
            "g",
            "u",
            "t",
            "s",
            "l",
            "\\",
            "é",
            "\"}}",
            "x\"");
    private static final int END = PIECES.size();

    private static final ModelConfig CONFIG = new ModelConfig(
            Architecture.LLAMA,
            PIECES.size() + 3,
            32,
            2,
            4,
            2,
            8,
            40,
            200,
            1e-5,
            new Rope(10_000, new Scaling.None()),
            true,
            false,
            false);

    private static Weights weights;

    @BeforeAll
    static void load() {
        weights = Weights.random(CONFIG, 3);
    }

    @AfterAll
    static void unload() {
        weights.close();
    }

    private static final Pieces TEXTS = new Pieces(PIECES);

    private static SamplingParams params(int seed, int most) {
        return new SamplingParams(most, 1, 0, 1, 0, List.of(), List.of(END), seed);
    }

    @Test
    void theTimeThatMasksTakeIsPartOfTheTimeOfDrawing() {
        try (Generator generator =
                new Generator(weights, SamplingMode.EXACT, 0, TEXTS, new ConstraintMasks(TEXTS, END + 3), 8)) {
            SamplingParams endless = new SamplingParams(20, 1, 0, 1, 0, List.of(), List.of(), 1);
            generator.sample(List.of(new SampleRequest(new int[] {1}, 4, endless, new Constraint.None())));
            DecodeTime free = generator.decodeTime();
            assertEquals(19, free.steps());
            assertEquals(0, free.maskNanos());
            assertTrue(free.nanos() > 0);
            generator.sample(List.of(new SampleRequest(
                    new int[] {1}, 4, params(1, 20), new Constraint.Schema("{\"type\":\"array\",\"minItems\":30}"))));
            DecodeTime bound = generator.decodeTime().since(free);
            assertEquals(19, bound.steps());
            assertTrue(bound.maskNanos() > 0 && bound.maskNanos() < bound.nanos(), bound.toString());
            assertTrue(bound.maskShare() > 0 && bound.maskShare() < 1);
        }
    }

    private static List<Sample> sample(Constraint constraint, int count, int most) {
        try (Generator generator = new Generator(
                weights,
                SamplingMode.EXACT,
                0,
                TEXTS,
                new ConstraintMasks(TEXTS, weights.config().vocabulary()),
                8)) {
            List<SampleRequest> requests = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                // Every other one in a group of two, and a free one beside each.
                requests.add(new SampleRequest(new int[] {i % END, 3}, 1 + i % 2, params(i, most), constraint));
                requests.add(new SampleRequest(new int[] {5}, 1, params(i, 10)));
            }
            List<List<Sample>> samples = generator.sample(requests);
            List<Sample> constrained = new ArrayList<>();
            for (int i = 0; i < samples.size(); i += 2) {
                constrained.addAll(samples.get(i));
            }
            return constrained;
        }
    }

    @Test
    void everySampleThatEndsIsValid() {
        Constraint constraint = new Constraint.Call(List.of("""
                {"function":{"name":"ab","parameters":{"type":"object","properties":
                 {"a":{"enum":["ab","aé"]},"t":{"type":"integer","minimum":-3,"maximum":20}},
                 "required":["a"],"additionalProperties":false}}}""", """
                {"function":{"name":"b","parameters":{"type":"object","properties":
                 {"s":{"type":"array","items":{"type":"boolean"},"maxItems":2}},
                 "required":["s"],"additionalProperties":false}}}"""));
        Set<String> names = new HashSet<>();
        for (Sample sample : sample(constraint, 100, 150)) {
            assertEquals(StopReason.END, sample.stopReason());
            JsonNode call = JsonMapper.shared().readTree(TEXTS.decode(sample.tokens()));
            names.add(call.path("name").asString());
            JsonNode arguments = call.path("arguments");
            if (call.path("name").asString().equals("ab")) {
                assertTrue(Set.of("ab", "aé").contains(arguments.path("a").asString()), call.toString());
                int t = arguments.path("t").asInt(0);
                assertTrue(t >= -3 && t <= 20, call.toString());
            } else {
                assertTrue(arguments.path("s").isArray() && arguments.path("s").size() <= 2, call.toString());
            }
        }
        assertEquals(Set.of("ab", "b"), names);
    }

    @Test
    void aSampleIsCutByLengthAndSaysSo() {
        for (Sample sample : sample(new Constraint.Schema("{\"type\":\"string\",\"minLength\":50}"), 10, 12)) {
            assertEquals(StopReason.LENGTH, sample.stopReason());
            assertTrue(TEXTS.decode(sample.tokens()).startsWith("\""));
        }
    }

    @Test
    void logprobsAreOfTheTokensThatWerePossible() {
        for (Sample sample : sample(new Constraint.Schema("{\"const\":0}"), 5, 5)) {
            assertEquals("0", TEXTS.decode(sample.tokens()));
            for (float logprob : sample.logprobs()) {
                assertEquals(0, logprob, 1e-6, "only one token was possible");
            }
        }
    }

    @Test
    void aSchemaThatIsNotSupportedIsRefusedBeforeAnythingIsComputed() {
        Constraint constraint = new Constraint.Schema("{\"type\":\"string\",\"not\":{}}");
        assertThrows(SchemaException.class, () -> sample(constraint, 1, 5));
    }
}
