package dev.hone.model;

import dev.hone.model.ModelConfig.Architecture;
import dev.hone.model.ModelConfig.Rope;
import dev.hone.model.ModelConfig.Scaling;
import dev.hone.tensor.ModelFileException;
import dev.hone.tensor.StrictJson;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The {@code config.json} of a model folder, as transformers 4 and 5 write it. What would change the mathematics is refused. */
final class HuggingFaceConfig {

    private static final Map<String, Architecture> ARCHITECTURES = Map.of(
            "LlamaForCausalLM", Architecture.LLAMA,
            "Qwen2ForCausalLM", Architecture.QWEN2,
            "Qwen3ForCausalLM", Architecture.QWEN3);

    private static final String OTHER_MODEL = "choose another model";

    private HuggingFaceConfig() {}

    static ModelConfig read(Path file) {
        ConfigFields fields = new ConfigFields(file, StrictJson.read(file));
        Architecture architecture = architecture(fields);
        refuseUnsupported(fields, architecture);
        int heads = fields.whole("num_attention_heads");
        int hidden = fields.whole("hidden_size");
        try {
            return new ModelConfig(
                    architecture,
                    fields.whole("vocab_size"),
                    hidden,
                    fields.whole("num_hidden_layers"),
                    heads,
                    architecture == Architecture.LLAMA
                            ? fields.optionalWhole("num_key_value_heads").orElse(heads)
                            : fields.whole("num_key_value_heads"),
                    fields.optionalWhole("head_dim")
                            .orElse(architecture == Architecture.QWEN3 ? 128 : hidden / Math.max(1, heads)),
                    fields.whole("intermediate_size"),
                    fields.whole("max_position_embeddings"),
                    fields.real("rms_norm_eps"),
                    rope(fields, architecture),
                    fields.flag("tie_word_embeddings"),
                    architecture == Architecture.QWEN2,
                    architecture == Architecture.QWEN3);
        } catch (IllegalArgumentException e) {
            throw new ModelFileException(file, "describes no model: " + e.getMessage(), "download the model again", e);
        }
    }

    private static Architecture architecture(ConfigFields fields) {
        String name = fields.json().path("architectures").path(0).stringValue("");
        Architecture architecture = ARCHITECTURES.get(name);
        if (architecture == null) {
            throw fields.unsupported(
                    "has the architecture [" + name + "]",
                    "choose a model of "
                            + String.join(
                                    ", ",
                                    ARCHITECTURES.keySet().stream().sorted().toList()));
        }
        return architecture;
    }

    private static void refuseUnsupported(ConfigFields fields, Architecture architecture) {
        String activation = fields.text("hidden_act", "silu");
        if (!activation.equals("silu")) {
            throw fields.unsupported("has the activation [" + activation + "]", OTHER_MODEL);
        }
        if (fields.flag("mlp_bias")) {
            throw fields.unsupported("has [mlp_bias]", OTHER_MODEL);
        }
        // For Llama and Qwen3 this flag also puts a bias on the output projection; Qwen2 has its biases without it.
        if (architecture != Architecture.QWEN2 && fields.flag("attention_bias")) {
            throw fields.unsupported("has [attention_bias]", OTHER_MODEL);
        }
        if (fields.has("quantization_config")) {
            throw fields.unsupported(
                    "has quantised weights [%s]"
                            .formatted(fields.object("quantization_config").text("quant_method", "")),
                    "give the model in F32, F16 or BF16, or as GGUF");
        }
        if (fields.flag("use_sliding_window")) {
            throw fields.unsupported("uses a sliding window", OTHER_MODEL);
        }
        for (JsonNode type : fields.json().path("layer_types")) {
            if (!type.stringValue("").equals("full_attention")) {
                throw fields.unsupported("has layers of type [" + type + "]", OTHER_MODEL);
            }
        }
    }

    /** Transformers 5 has all in {@code rope_parameters}; before, {@code rope_theta} stood beside {@code rope_scaling}. */
    private static Rope rope(ConfigFields fields, Architecture architecture) {
        String key = fields.has("rope_parameters") ? "rope_parameters" : "rope_scaling";
        if (!fields.has(key)) {
            return new Rope(theta(fields, architecture), new Scaling.None());
        }
        ConfigFields rope = fields.object(key);
        for (ConfigFields place : List.of(fields, rope)) {
            if (place.optionalReal("partial_rotary_factor").orElse(1) != 1) {
                throw fields.unsupported("has a [partial_rotary_factor]", OTHER_MODEL);
            }
        }
        double theta = theta(rope.has("rope_theta") ? rope : fields, architecture);
        String type = rope.text("rope_type", rope.text("type", "default"));
        return switch (type) {
            case "default" -> new Rope(theta, new Scaling.None());
            case "llama3" ->
                new Rope(
                        theta,
                        new Scaling.Llama3(
                                rope.real("factor"),
                                rope.real("low_freq_factor"),
                                rope.real("high_freq_factor"),
                                rope.whole("original_max_position_embeddings")));
            default ->
                throw fields.unsupported("has a [%s] of type [%s]".formatted(key, type), "choose default or llama3");
        };
    }

    /** Llama's first folders had no such field. */
    private static double theta(ConfigFields fields, Architecture architecture) {
        return architecture == Architecture.LLAMA
                ? fields.optionalReal("rope_theta").orElse(10_000)
                : fields.real("rope_theta");
    }

    /** The fields of a {@code config.json} that {@link #read} and transformers 4 and 5 read back as this configuration. */
    static Map<String, Object> fields(ModelConfig config) {
        String name = ARCHITECTURES.entrySet().stream()
                .filter(entry -> entry.getValue() == config.architecture())
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("architectures", List.of(name));
        fields.put("model_type", name.substring(0, name.indexOf("For")).toLowerCase(Locale.ROOT));
        fields.put("torch_dtype", "float32");
        fields.put("vocab_size", config.vocabulary());
        fields.put("hidden_size", config.hidden());
        fields.put("num_hidden_layers", config.layers());
        fields.put("num_attention_heads", config.heads());
        fields.put("num_key_value_heads", config.keyValueHeads());
        fields.put("head_dim", config.headSize());
        fields.put("intermediate_size", config.feedForward());
        fields.put("max_position_embeddings", config.maxPositions());
        fields.put("rms_norm_eps", config.epsilon());
        fields.put("hidden_act", "silu");
        fields.put("tie_word_embeddings", config.tiedHead());
        fields.put("rope_theta", config.rope().theta());
        switch (config.rope().scaling()) {
            case Scaling.None() -> {}
            case Scaling.Llama3(double factor, double low, double high, int positions) -> {
                Map<String, Object> scaling = new LinkedHashMap<>();
                scaling.put("rope_type", "llama3");
                scaling.put("factor", factor);
                scaling.put("low_freq_factor", low);
                scaling.put("high_freq_factor", high);
                scaling.put("original_max_position_embeddings", positions);
                fields.put("rope_scaling", scaling);
            }
        }
        return fields;
    }
}
