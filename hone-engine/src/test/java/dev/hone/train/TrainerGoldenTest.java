package dev.hone.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.model.ModelConfig;
import dev.hone.model.ModelFiles;
import dev.hone.model.RotaryLayout;
import dev.hone.record.AdamParams;
import dev.hone.record.Datum;
import dev.hone.record.Draw;
import dev.hone.record.Loss;
import dev.hone.tensor.HostArrays;
import dev.hone.tensor.SafetensorsFile;
import dev.hone.tensor.TensorMemory;
import dev.hone.train.Parameters.Parameter;
import dev.hone.train.PeftAdapter.Projected;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Log-probabilities, losses, every gradient and AdamW against PyTorch: {@code goldens/engine/make.py}. */
class TrainerGoldenTest {
    private static final double TOLERANCE = 1e-5;
    private static final double LOGIT_TOLERANCE = 2e-5;

    @ParameterizedTest
    @ValueSource(strings = {"llama", "llama3", "qwen2", "qwen3"})
    void logprobsAtEveryPosition(String family) throws Exception {
        Golden golden = new Golden(family);
        try (Trainer trainer = golden.trainer(new Adaptation.Lora(4, 8, 0))) {
            List<Datum> everywhere = golden.rows().stream()
                    .map(row -> new Datum(row.tokens(), row.targets(), filled(row.length(), 1)))
                    .toList();
            List<float[]> logprobs = trainer.forward(everywhere).logprobs();
            for (int i = 0; i < everywhere.size(); i++) {
                float[] logits = golden.floats("logits." + i);
                int vocabulary = logits.length / everywhere.get(i).length();
                for (int position = 0; position < everywhere.get(i).length(); position++) {
                    float[] row = Arrays.copyOfRange(logits, position * vocabulary, (position + 1) * vocabulary);
                    int target = everywhere.get(i).targets()[position];
                    assertEquals(logprob(row, target), logprobs.get(i)[position], LOGIT_TOLERANCE);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "llama3", "qwen2", "qwen3"})
    void everyGradientOfFullFineTuning(String family) throws Exception {
        Golden golden = new Golden(family);
        try (Trainer trainer = golden.trainer(new Adaptation.Full())) {
            double loss = trainer.forwardBackward(golden.rows(), new Loss.CrossEntropy())
                    .loss();
            assertEquals(golden.json().path("fullLoss").asDouble(), loss, TOLERANCE);
            try (PointerScope scope = new PointerScope()) {
                Map<String, Tensor> gradients = huggingFace(trainer.parameters(), golden.config());
                Map<String, float[]> expected = golden.withPrefix("full.");
                assertEquals(expected.keySet(), gradients.keySet());
                expected.forEach((name, values) -> assertClose(name, values, gradients.get(name), TOLERANCE));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "llama3", "qwen2", "qwen3"})
    void everyGradientOfLoraAndThreeStepsOfAdamW(String family) throws Exception {
        Golden golden = new Golden(family);
        try (Trainer trainer = golden.trainer(new Adaptation.Lora(4, 8, 0))) {
            LoraTuning tuning = (LoraTuning) trainer.tuning();
            golden.setAdapters(tuning);
            double loss = trainer.forwardBackward(golden.rows(), new Loss.CrossEntropy())
                    .loss();
            assertEquals(golden.json().path("loraLoss").asDouble(), loss, TOLERANCE);
            assertAdapters(golden, "lora.", tuning, Parameter::gradient, TOLERANCE);

            JsonNode norms = golden.json().path("adamwNorms");
            AdamParams params = new AdamParams(
                    golden.json().path("learningRate").asDouble(),
                    0.9,
                    0.999,
                    1e-8,
                    golden.json().path("weightDecay").asDouble(),
                    1);
            for (int step = 0; step < norms.size(); step++) {
                if (step > 0) {
                    trainer.forwardBackward(golden.rows(), new Loss.CrossEntropy());
                }
                assertEquals(
                        norms.get(step).asDouble(), trainer.optimStep(params).gradientNorm(), 1e-4);
            }
            // AdamW divides by the root of the second moment: tiny gradients magnify rounding up to the step size.
            assertAdapters(golden, "adamw.", tuning, Parameter::value, 2e-4);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"importance", "ppo", "cispo"})
    void everyGradientOfPolicyLosses(String name) throws Exception {
        Golden golden = new Golden("llama");
        Loss loss = switch (name) {
            case "importance" -> new Loss.ImportanceSampling();
            case "ppo" -> new Loss.Ppo(0.2, 0.28, 3);
            default -> new Loss.Cispo(1.5);
        };
        try (Trainer trainer = golden.trainer(new Adaptation.Lora(4, 8, 0))) {
            LoraTuning tuning = (LoraTuning) trainer.tuning();
            golden.setAdapters(tuning);
            JsonNode policy = golden.json("policy.json");
            double value = trainer.forwardBackward(golden.drawn(policy.path("draws")), loss)
                    .loss();
            assertEquals(policy.path("losses").path(name).asDouble(), value, TOLERANCE);
            assertAdapters(golden, "policy.safetensors", name + ".", tuning, Parameter::gradient, TOLERANCE);
        }
    }

    private static void assertAdapters(
            Golden golden, String prefix, LoraTuning tuning, Function<Parameter, Tensor> view, double tolerance) {
        assertAdapters(golden, Golden.FILE, prefix, tuning, view, tolerance);
    }

    private static void assertAdapters(
            Golden golden,
            String file,
            String prefix,
            LoraTuning tuning,
            Function<Parameter, Tensor> view,
            double tolerance) {
        ModelConfig config = golden.config();
        try (PointerScope scope = new PointerScope()) {
            for (Projected projected : Projected.all(config)) {
                Tensor down = view.apply(tuning.down(projected.block(), projected.layer()))
                        .narrow(0, projected.part() * 4L, 4);
                Tensor up = view.apply(tuning.up(projected.block(), projected.layer(), projected.part()));
                assertClose(projected.down(), golden.floats(file, prefix + projected.down()), down, tolerance);
                assertClose(
                        projected.up(),
                        golden.floats(file, prefix + projected.up()),
                        projected.fromAdjacent(up, config),
                        tolerance);
            }
        }
    }

    /** Gradients by Hugging Face's names, in its row order. */
    private static Map<String, Tensor> huggingFace(Parameters parameters, ModelConfig config) {
        Map<String, Tensor> named = new TreeMap<>();
        Function<String, Tensor> gradient = name -> parameters.get(name).gradient();
        named.put("model.embed_tokens.weight", gradient.apply("embedding"));
        named.put("model.norm.weight", gradient.apply("final_norm"));
        if (!config.tiedHead()) {
            named.put("lm_head.weight", gradient.apply("head"));
        }
        long query = config.queryWidth();
        long key = config.keyValueWidth();
        for (int i = 0; i < config.layers(); i++) {
            String ours = "blocks." + i + ".";
            String theirs = "model.layers." + i + ".";
            named.put(theirs + "input_layernorm.weight", gradient.apply(ours + "attention_norm"));
            named.put(theirs + "post_attention_layernorm.weight", gradient.apply(ours + "feed_forward_norm"));
            for (String kind : config.attentionBias() ? List.of("weight", "bias") : List.of("weight")) {
                Tensor joined =
                        gradient.apply(ours + (kind.equals("bias") ? "query_key_value_bias" : "query_key_value"));
                named.put(
                        theirs + "self_attn.q_proj." + kind,
                        RotaryLayout.fromAdjacent(joined.narrow(0, 0, query), config.heads()));
                named.put(
                        theirs + "self_attn.k_proj." + kind,
                        RotaryLayout.fromAdjacent(joined.narrow(0, query, key), config.keyValueHeads()));
                named.put(theirs + "self_attn.v_proj." + kind, joined.narrow(0, query + key, key));
            }
            if (config.queryKeyNorm()) {
                named.put(
                        theirs + "self_attn.q_norm.weight",
                        RotaryLayout.fromAdjacent(gradient.apply(ours + "query_norm"), 1));
                named.put(
                        theirs + "self_attn.k_norm.weight",
                        RotaryLayout.fromAdjacent(gradient.apply(ours + "key_norm"), 1));
            }
            named.put(theirs + "self_attn.o_proj.weight", gradient.apply(ours + "output"));
            Tensor gateUp = gradient.apply(ours + "gate_up");
            named.put(theirs + "mlp.gate_proj.weight", gateUp.narrow(0, 0, config.feedForward()));
            named.put(theirs + "mlp.up_proj.weight", gateUp.narrow(0, config.feedForward(), config.feedForward()));
            named.put(theirs + "mlp.down_proj.weight", gradient.apply(ours + "down"));
        }
        return named;
    }

    private static void assertClose(String name, float[] expected, Tensor actual, double tolerance) {
        float[] values = HostArrays.toFloats(actual.contiguous());
        assertEquals(expected.length, values.length, name);
        double most = 0;
        for (int i = 0; i < values.length; i++) {
            most = Math.max(most, Math.abs(expected[i] - values[i]) / Math.max(1, Math.abs(expected[i])));
        }
        assertTrue(most <= tolerance, name + " differs by " + most);
    }

    private static double logprob(float[] logits, int target) {
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit);
        }
        return logits[target] - Math.log(sum);
    }

    private static float[] filled(int length, float value) {
        float[] values = new float[length];
        Arrays.fill(values, value);
        return values;
    }

    /** A model folder with its golden values. */
    private static final class Golden {
        static final String FILE = "golden.safetensors";

        private final Path folder;
        private final JsonNode json;
        private final ModelConfig config;

        Golden(String family) throws URISyntaxException {
            folder = Path.of(Objects.requireNonNull(TrainerGoldenTest.class.getResource("/goldens/engine/" + family))
                    .toURI());
            json = json("golden.json");
            try (ModelFiles files = ModelFiles.open(folder)) {
                config = files.config();
            }
        }

        JsonNode json() {
            return json;
        }

        JsonNode json(String name) {
            return JsonMapper.shared().readTree(folder.resolve(name).toFile());
        }

        ModelConfig config() {
            return config;
        }

        Trainer trainer(Adaptation adaptation) {
            try (ModelFiles files = ModelFiles.open(folder)) {
                return new Trainer(
                        files.load(),
                        new TrainerSpec(folder, adaptation, 1, 1_000, false, Precision.FP32),
                        Arrays::toString);
            }
        }

        List<Datum> rows() {
            List<Datum> rows = new ArrayList<>();
            for (JsonNode row : json.path("rows")) {
                rows.add(new Datum(ints(row.path("tokens")), ints(row.path("targets")), numbers(row.path("weights"))));
            }
            return rows;
        }

        List<Datum> drawn(JsonNode draws) {
            List<Datum> rows = new ArrayList<>();
            for (Datum row : rows()) {
                JsonNode draw = draws.get(rows.size());
                rows.add(new Datum(
                        row.tokens(),
                        row.targets(),
                        row.weights(),
                        new Draw(
                                numbers(draw.path("behaviour")),
                                numbers(draw.path("advantages")),
                                draw.path("temperature").asDouble())));
            }
            return rows;
        }

        void setAdapters(LoraTuning tuning) {
            try (SafetensorsFile file = SafetensorsFile.open(folder.resolve(FILE));
                    PointerScope scope = new PointerScope()) {
                for (Projected projected : Projected.all(config)) {
                    Tensor down = TensorMemory.read(
                            Objects.requireNonNull(file.tensors().get("adapter." + projected.down())));
                    Tensor up = TensorMemory.read(
                            Objects.requireNonNull(file.tensors().get("adapter." + projected.up())));
                    tuning.down(projected.block(), projected.layer())
                            .value()
                            .narrow(0, projected.part() * 4L, 4)
                            .copy_(down);
                    tuning.up(projected.block(), projected.layer(), projected.part())
                            .value()
                            .copy_(projected.toAdjacent(up, config));
                }
            }
        }

        float[] floats(String name) {
            return floats(FILE, name);
        }

        float[] floats(String tensors, String name) {
            try (SafetensorsFile file = SafetensorsFile.open(folder.resolve(tensors));
                    PointerScope scope = new PointerScope()) {
                return HostArrays.toFloats(
                        TensorMemory.read(Objects.requireNonNull(file.tensors().get(name), name)));
            }
        }

        Map<String, float[]> withPrefix(String prefix) {
            Map<String, float[]> found = new TreeMap<>();
            try (SafetensorsFile file = SafetensorsFile.open(folder.resolve(FILE))) {
                file.tensors().keySet().stream()
                        .filter(name -> name.startsWith(prefix))
                        .forEach(name -> found.put(name.substring(prefix.length()), floats(name)));
            }
            return found;
        }

        private static int[] ints(JsonNode array) {
            return array.valueStream().mapToInt(JsonNode::asInt).toArray();
        }

        private static float[] numbers(JsonNode array) {
            float[] values = new float[array.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) array.get(i).asDouble();
            }
            return values;
        }
    }
}
