package dev.hone.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.model.ModelConfig.Architecture;
import dev.hone.model.ModelConfig.Rope;
import dev.hone.model.ModelConfig.Scaling;
import dev.hone.tensor.ModelFileException;
import dev.hone.tensor.SafetensorsFile;
import dev.hone.tensor.TensorMemory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelFilesTest {

    @TempDir
    private Path folder;

    static Path fixture(String name) {
        return Path.of("src/test/resources/dev/hone/model").resolve(name);
    }

    static ModelConfig llama() {
        return new ModelConfig(
                Architecture.LLAMA,
                40,
                32,
                2,
                4,
                2,
                8,
                24,
                64,
                1e-5,
                new Rope(500_000, new Scaling.Llama3(8, 1, 4, 8192)),
                false,
                false,
                false);
    }

    static ModelConfig qwen2() {
        return new ModelConfig(
                Architecture.QWEN2,
                40,
                32,
                2,
                4,
                2,
                8,
                24,
                64,
                1e-5,
                new Rope(1_000_000, new Scaling.None()),
                true,
                true,
                false);
    }

    static ModelConfig qwen3() {
        return new ModelConfig(
                Architecture.QWEN3,
                40,
                16,
                2,
                4,
                2,
                8,
                24,
                64,
                1e-5,
                new Rope(10_000, new Scaling.None()),
                false,
                false,
                true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".gguf"})
    void readsConfigurations(String suffix) {
        assertEquals(llama(), config("llama" + suffix));
        assertEquals(qwen2(), config("qwen2" + suffix));
        assertEquals(qwen3(), config("qwen3" + suffix));
    }

    private static ModelConfig config(String fixture) {
        try (ModelFiles files = ModelFiles.open(fixture(fixture))) {
            return files.config();
        }
    }

    /** Made by Python from the same numbers; names, row order, encoding and container differ. */
    @ParameterizedTest
    @ValueSource(strings = {"llama", "qwen2", "qwen3"})
    void aFolderAndItsGgufFileGiveTheSameWeights(String name) {
        try (ModelFiles files = ModelFiles.open(fixture(name));
                ModelFiles gguf = ModelFiles.open(fixture(name + ".gguf"));
                Weights expected = files.load();
                Weights actual = gguf.load()) {
            assertEqual(expected, actual);
            assertEquals(expected.tensors().mapToLong(Tensor::numel).sum() * 4, files.memoryBytes());
        }
    }

    static void assertEqual(Weights expected, Weights actual) {
        List<Tensor> left = expected.tensors().toList();
        List<Tensor> right = actual.tensors().toList();
        assertEquals(left.size(), right.size());
        for (int i = 0; i < left.size(); i++) {
            assertTrue(left.get(i).equal(right.get(i)), "tensor " + i);
        }
    }

    @Test
    void laysWeightsOutAsDocumented() {
        try (PointerScope _ = new PointerScope();
                SafetensorsFile file = SafetensorsFile.open(fixture("qwen2/model.safetensors"));
                ModelFiles files = ModelFiles.open(fixture("qwen2"));
                Weights weights = files.load()) {
            Tensor query = TensorMemory.read(file.tensor("model.layers.1.self_attn.q_proj.weight"));
            Tensor key = TensorMemory.read(file.tensor("model.layers.1.self_attn.k_proj.weight"));
            Tensor value = TensorMemory.read(file.tensor("model.layers.1.self_attn.v_proj.weight"));
            Tensor bias = TensorMemory.read(file.tensor("model.layers.1.self_attn.q_proj.bias"));
            Tensor up = TensorMemory.read(file.tensor("model.layers.1.mlp.up_proj.weight"));
            Weights.Block block = weights.blocks().get(1);
            Tensor rows = block.queryKeyValue();
            // Head 1 of the queries begins at row 8; its pairs are rows (8, 12), (9, 13) …
            assertTrue(rows.get(8).equal(query.get(8)));
            assertTrue(rows.get(9).equal(query.get(12)));
            assertTrue(rows.get(10).equal(query.get(9)));
            assertTrue(rows.get(32 + 1).equal(key.get(4)));
            assertTrue(rows.get(32 + 16 + 1).equal(value.get(1)));
            assertTrue(block.queryKeyValueBias().get(9).equal(bias.get(12)));
            assertTrue(block.gateUp().get(24 + 3).equal(up.get(3)));
            assertEquals(weights.embedding(), weights.head());
        }
    }

    @Test
    void weightsOutliveTheirFilesAndScopes() {
        Weights weights;
        try (PointerScope _ = new PointerScope();
                ModelFiles files = ModelFiles.open(fixture("qwen3"))) {
            weights = files.load();
        }
        try (weights;
                ModelFiles files = ModelFiles.open(fixture("qwen3"));
                Weights again = files.load()) {
            assertEqual(again, weights);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // part of the message | fixture | text in its config.json | replacement
                "architecture [GemmaForCausalLM], which is not supported; choose a model of LlamaForCausalLM, Qwen2 |"
                        + " llama | LlamaForC | GemmaForC",
                "architecture [], which | llama | \"architectures\" | \"a\"",
                "activation [gelu] | llama | silu | gelu",
                "[mlp_bias] | llama | \"mlp_bias\": false | \"mlp_bias\": true",
                "[attention_bias] | llama | \"attention_bias\": false | \"attention_bias\": true",
                "[attention_bias] of [1] instead of true or false | llama | \"attention_bias\": false |"
                        + " \"attention_bias\": 1",
                "quantised weights [gptq] | llama | \"mlp_bias\": false | \"quantization_config\": {\"quant_method\":"
                        + " \"gptq\"}",
                "[rope_parameters] of type [yarn] | llama | llama3 | yarn",
                "has no [factor] | llama | \"factor\" | \"f\"",
                "frequency factors [1.0] to [0.5] | llama | 4.0 | 0.5",
                "[partial_rotary_factor] | llama | \"rope_type\" | \"partial_rotary_factor\": 0.5, \"rope_type\"",
                "[rope_scaling] of type [linear] | qwen2 | \"rope_scaling\": null | \"rope_scaling\": {\"type\":"
                        + " \"linear\", \"factor\": 2.0}",
                "sliding window | qwen2 | \"use_sliding_window\": false | \"use_sliding_window\": true",
                "layers of type [\"sliding_attention\"] | qwen3 | \"head_dim\" | \"layer_types\": [\"full_attention\","
                        + " \"sliding_attention\"], \"head_dim\"",
                "has no [hidden_size] | qwen3 | \"hidden_size\" | \"h\"",
                "has no [rope_theta] | qwen3 | \"rope_theta\" | \"h\"",
                "[hidden_size] of [\"16\"] instead of a whole number | qwen3 | \"hidden_size\": 16 | \"hidden_size\":"
                        + " \"16\"",
                "[rms_norm_eps] of [\"\"] instead of a number | qwen3 | 1e-05 | \"\"",
                "epsilon of the norms cannot be [0.0] | qwen3 | 1e-05 | 0.0",
                "rotary base cannot be [0.0] | qwen3 | 10000 | 0",
                "hidden size cannot be [0] | llama | \"hidden_size\": 32 | \"hidden_size\": 0",
                "number of heads cannot be [0] | llama | \"num_attention_heads\": 4 | \"num_attention_heads\": 0",
                "[4] query heads cannot share [3] | llama | \"num_key_value_heads\": 2 | \"num_key_value_heads\": 3",
                "number of layers cannot be [1000000] | llama | \"num_hidden_layers\": 2 | \"num_hidden_layers\":"
                        + " 1000000",
                "width of all heads cannot be [33554432] | llama | \"head_dim\": 8 | \"head_dim\": 8388608",
                "no tensor [model.layers.2.input_layernorm.weight] | llama | \"num_hidden_layers\": 2 |"
                        + " \"num_hidden_layers\": 3",
                "does not ask for: [model.layers.1. | llama | \"num_hidden_layers\": 2 | \"num_hidden_layers\": 1",
                "[model.embed_tokens.weight] of shape [40, 32] where its configuration asks for [41, 32] | llama | 40"
                        + " | 41",
                "says that they are tied | qwen3 | \"tie_word_embeddings\": false | \"tie_word_embeddings\": true",
                "no tensor [lm_head.weight] | qwen2 | \"tie_word_embeddings\": true | \"tie_word_embeddings\": false",
                "malformed JSON | qwen2 | } | ]",
            })
    void refusesConfigurationsByName(String message, String fixture, String text, String replacement)
            throws IOException {
        try (Stream<Path> files = Files.list(fixture(fixture))) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        Path config = folder.resolve("config.json");
        String original = Files.readString(config);
        assertTrue(original.contains(text), "the fixture lacks " + text);
        Files.writeString(config, original.replace(text, replacement));
        assertMessage(message, folder);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // part of the message | fixture | strings of the header and their replacements
                "architecture [gemma], which is not supported; choose a model of llama, qwen2, qwen3 | llama |"
                        + " llama>gemma",
                "has no [llama.block_count] | llama | llama.block_count>x",
                "has no tensor [token_embd.weight] | llama | token_embd.weight>x",
                "has no tensor [blk.1.attn_k.weight] | qwen3 | blk.1.attn_k.weight>x",
                "does not ask for: [x] | qwen3 | output.weight>x",
                "has no tensor [blk.0.attn_q.bias] | qwen2 | blk.0.attn_q.bias>x",
                "uses a sliding window | qwen2 | qwen2.attention.value_length>qwen2.attention.sliding_window",
                "is a mixture of [8] experts | qwen2 | qwen2.attention.value_length>qwen2.expert_count",
                "value heads of another size | qwen3 | qwen3.attention.key_length>x",
                "rotates [8] of [4] dimensions | qwen3 | qwen3.attention.key_length>x qwen3.attention.value_length>y",
                "has a [rope.scale_linear] of [1000000.0] | qwen2 | qwen2.rope.freq_base>qwen2.rope.scale_linear",
                "other rotary frequencies [rope_freqs.weight] than Llama 3 | llama | llama.rope.freq_base>x",
            })
    void refusesGgufFilesByName(String message, String fixture, String replacements) throws IOException {
        byte[] bytes = Files.readAllBytes(fixture(fixture + ".gguf"));
        for (String replacement : replacements.split(" ")) {
            String[] sides = replacement.split(">");
            bytes = replace(bytes, sides[0], sides[1]);
        }
        assertMessage(message, Files.write(folder.resolve("model.gguf"), bytes));
    }

    /** Replaces the first string of a GGUF header that is {@code text}; what follows stays within the file. */
    private static byte[] replace(byte[] bytes, String text, String replacement) {
        String latin = new String(bytes, StandardCharsets.ISO_8859_1);
        int at = latin.indexOf(string(text));
        assertTrue(at > 0, "the fixture lacks " + text);
        String changed = latin.substring(0, at)
                + string(replacement)
                + latin.substring(at + string(text).length())
                + "\0".repeat(64);
        return changed.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String string(String text) {
        return (char) text.length() + "\0\0\0\0\0\0\0" + text;
    }

    @Test
    void refusesFoldersWithoutAModel() throws IOException {
        assertMessage("has no [config.json]; give a model folder", folder);
        Files.copy(fixture("llama/config.json"), folder.resolve("config.json"));
        assertMessage("has neither [model.safetensors]", folder);
        Files.writeString(folder.resolve("pytorch_model.bin"), "pickle");
        assertMessage("pickle above all, are not read", folder);
        assertMessage("does not exist", folder.resolve("absent"));
        assertMessage("is not a GGUF file; give a .gguf file or", folder.resolve("config.json"));
    }

    private static void assertMessage(String part, Path model) {
        String message = assertThrows(
                        ModelFileException.class, () -> ModelFiles.open(model).close())
                .getMessage();
        assertTrue(message.contains(part), message);
    }
}
