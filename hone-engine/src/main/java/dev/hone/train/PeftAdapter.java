package dev.hone.train;

import dev.hone.model.ModelConfig;
import dev.hone.model.RotaryLayout;
import dev.hone.model.Weights;
import dev.hone.tensor.DurableFiles;
import dev.hone.tensor.ModelFileException;
import dev.hone.tensor.SafetensorsFile;
import dev.hone.tensor.SafetensorsWriter;
import dev.hone.tensor.SafetensorsWriter.Entry;
import dev.hone.tensor.StoredTensor;
import dev.hone.tensor.StrictJson;
import dev.hone.tensor.TensorMemory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * LoRA adapters as a folder in PEFT's format: {@code adapter_config.json} and {@code adapter_model.safetensors}, one pair of
 * matrices a projection, query and key rows in Hugging Face's order.
 */
final class PeftAdapter {
    static final String CONFIG = "adapter_config.json";
    private static final String WEIGHTS = "adapter_model.safetensors";
    private static final String BASE = "base_model_name_or_path";

    private PeftAdapter() {}

    /**
     * One projection of a model.
     *
     * @param block number of the layer
     * @param layer fused layer that it is part of
     * @param part which part
     */
    record Projected(int block, LoraTuning.Layer layer, int part) {

        static List<Projected> all(ModelConfig config) {
            List<Projected> all = new ArrayList<>();
            for (int block = 0; block < config.layers(); block++) {
                for (LoraTuning.Layer layer : LoraTuning.Layer.values()) {
                    for (int part = 0; part < layer.outputs(config).length; part++) {
                        all.add(new Projected(block, layer, part));
                    }
                }
            }
            return all;
        }

        /** Name of the module in PEFT's files. */
        String module() {
            return "base_model.model.model.layers.%d.%s"
                    .formatted(
                            block,
                            switch (layer) {
                                case QUERY_KEY_VALUE ->
                                    List.of("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj")
                                            .get(part);
                                case OUTPUT -> "self_attn.o_proj";
                                case GATE_UP ->
                                    List.of("mlp.gate_proj", "mlp.up_proj").get(part);
                                case DOWN -> "mlp.down_proj";
                            });
        }

        String down() {
            return module() + ".lora_A.weight";
        }

        String up() {
            return module() + ".lora_B.weight";
        }

        /** First row of the projection in its fused layer. */
        long row(ModelConfig config) {
            return Arrays.stream(layer.outputs(config)).limit(part).sum();
        }

        /** Heads whose rows are permuted, or 0 where none are. */
        int rotatedHeads(ModelConfig config) {
            if (layer != LoraTuning.Layer.QUERY_KEY_VALUE || part == 2) {
                return 0;
            }
            return part == 0 ? config.heads() : config.keyValueHeads();
        }

        /** Shape: (out, …), from the engine's row order to Hugging Face's */
        Tensor fromAdjacent(Tensor rows, ModelConfig config) {
            int heads = rotatedHeads(config);
            return heads == 0 ? rows : RotaryLayout.fromAdjacent(rows, heads);
        }

        /** Shape: (out, …), from Hugging Face's row order to the engine's */
        Tensor toAdjacent(Tensor rows, ModelConfig config) {
            int heads = rotatedHeads(config);
            return heads == 0 ? rows : RotaryLayout.toAdjacent(rows, heads);
        }
    }

    /**
     * Writes adapters. The folder appears whole or not at all.
     *
     * @param base name or path of the base model, for the configuration
     */
    static void write(Path folder, LoraTuning tuning, ModelConfig config, String base) {
        Adaptation.Lora lora = tuning.lora();
        Set<String> modules = new TreeSet<>();
        List<Entry> entries = new ArrayList<>();
        for (Projected projected : Projected.all(config)) {
            modules.add(projected.module().substring(projected.module().lastIndexOf('.') + 1));
            Tensor down = tuning.down(projected.block(), projected.layer()).value();
            Tensor up = tuning.up(projected.block(), projected.layer(), projected.part())
                    .value();
            long rank = lora.rank();
            entries.add(new Entry(projected.down(), List.of(rank, down.size(1)), sink -> {
                try (PointerScope _ = new PointerScope()) {
                    sink.accept(TensorMemory.floats(down.narrow(0, projected.part() * rank, rank)));
                }
            }));
            entries.add(new Entry(projected.up(), List.of(up.size(0), rank), sink -> {
                try (PointerScope _ = new PointerScope()) {
                    sink.accept(TensorMemory.floats(projected.fromAdjacent(up, config)));
                }
            }));
        }
        Map<String, Object> fields = new TreeMap<>();
        fields.put("peft_type", "LORA");
        fields.put("task_type", "CAUSAL_LM");
        fields.put(BASE, base);
        fields.put("r", lora.rank());
        fields.put("lora_alpha", lora.alpha());
        fields.put("lora_dropout", lora.dropout());
        fields.put("bias", "none");
        fields.put("fan_in_fan_out", false);
        fields.put("inference_mode", true);
        fields.put("target_modules", modules);
        DurableFiles.writeFolder(folder, part -> {
            Files.write(part.resolve(CONFIG), pretty().writeValueAsBytes(fields));
            SafetensorsWriter.write(part.resolve(WEIGHTS), Map.of("format", "pt"), entries);
        });
    }

    /** The base model that an adapter folder names: seen from that folder, or else from the working directory. */
    static Path base(Path folder) {
        Path file = folder.resolve(CONFIG);
        JsonNode base = StrictJson.read(file).path(BASE);
        Path path = Path.of(base.isString() ? base.stringValue() : "");
        if (!path.toString().isEmpty()) {
            Path beside = folder.resolve(path).normalize();
            if (Files.exists(beside)) {
                return beside;
            }
            if (Files.exists(path)) {
                return path;
            }
        }
        throw new ModelFileException(
                file,
                "names the base model [" + path + "], which is not here",
                "put the base model's folder or file into [" + BASE + "]");
    }

    /** The configuration of an adapter folder with another place of its base model. */
    static byte[] rebased(Path folder, String base) {
        ObjectNode fields = StrictJson.read(folder.resolve(CONFIG));
        return pretty().writeValueAsBytes(fields.put(BASE, base));
    }

    private static JsonMapper pretty() {
        return JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    }

    /**
     * Adds adapters to weights in place: {@code W + alpha/r · B A}.
     *
     * @throws ModelFileException if the folder is damaged, or of a kind that is not supported
     */
    static void merge(Path folder, Weights weights) {
        ModelConfig config = weights.config();
        ObjectNode fields = StrictJson.read(folder.resolve(CONFIG));
        refuseUnsupported(folder.resolve(CONFIG), fields);
        double scale = fields.path("lora_alpha").asDouble() / fields.path("r").asInt();
        try (SafetensorsFile file = SafetensorsFile.open(folder.resolve(WEIGHTS))) {
            Map<String, StoredTensor> left = new TreeMap<>(file.tensors());
            for (Projected projected : Projected.all(config)) {
                StoredTensor down = left.remove(projected.down());
                StoredTensor up = left.remove(projected.up());
                if (down == null && up == null) {
                    continue;
                }
                Tensor weight = projected.layer().weight(weights.blocks().get(projected.block()));
                long outputs = projected.layer().outputs(config)[projected.part()];
                if (down == null
                        || up == null
                        || !down.shape().equals(List.of(fields.path("r").asLong(), weight.size(1)))
                        || !up.shape().equals(List.of(outputs, fields.path("r").asLong()))) {
                    throw new ModelFileException(
                            folder.resolve(WEIGHTS),
                            "does not fit the base model at [" + projected.module() + "]",
                            "is it the adapter of another model?");
                }
                try (PointerScope _ = new PointerScope()) {
                    weight.narrow(0, projected.row(config), outputs)
                            .addmm_(
                                    projected.toAdjacent(TensorMemory.read(up), config),
                                    TensorMemory.read(down),
                                    new Scalar(1.0),
                                    new Scalar(scale));
                }
            }
            if (!left.isEmpty()) {
                throw new ModelFileException(
                        folder.resolve(WEIGHTS),
                        "has a tensor [" + left.keySet().iterator().next() + "] that is no adapter of a linear layer",
                        "only plain LoRA on the linear layers of the blocks is supported");
            }
        }
    }

    private static void refuseUnsupported(Path file, ObjectNode fields) {
        if (!fields.path("peft_type").asString("").equals("LORA")
                || fields.path("r").asInt(0) < 1
                || !(fields.path("lora_alpha").asDouble(0) > 0)) {
            throw new ModelFileException(
                    file,
                    "has peft_type [%s], r [%s], lora_alpha [%s]"
                            .formatted(fields.path("peft_type"), fields.path("r"), fields.path("lora_alpha")),
                    "only LORA with a rank and an alpha is supported");
        }
        for (String flag : List.of("use_dora", "use_rslora", "fan_in_fan_out")) {
            if (fields.path(flag).asBoolean(false)) {
                throw new ModelFileException(file, "sets [" + flag + "]", "only plain LoRA is supported");
            }
        }
        for (String map : List.of("rank_pattern", "alpha_pattern")) {
            if (!fields.path(map).isEmpty()) {
                throw new ModelFileException(file, "sets [" + map + "]", "only one rank and alpha are supported");
            }
        }
    }
}
