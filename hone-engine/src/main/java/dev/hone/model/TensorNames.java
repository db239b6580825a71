package dev.hone.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * What a family of files calls the tensors of a model. Those of a block follow a prefix with its number, and end in
 * {@code .weight} or {@code .bias}.
 */
record TensorNames(
        String embedding,
        String finalNorm,
        String head,
        String blockPrefix,
        String attentionNorm,
        String query,
        String key,
        String value,
        String queryNorm,
        String keyNorm,
        String output,
        String feedForwardNorm,
        String gate,
        String up,
        String down) {

    /** Model folders, as transformers writes them. */
    static final TensorNames HUGGING_FACE = new TensorNames(
            "model.embed_tokens.weight",
            "model.norm.weight",
            "lm_head.weight",
            "model.layers.%d.",
            "input_layernorm",
            "self_attn.q_proj",
            "self_attn.k_proj",
            "self_attn.v_proj",
            "self_attn.q_norm",
            "self_attn.k_norm",
            "self_attn.o_proj",
            "post_attention_layernorm",
            "mlp.gate_proj",
            "mlp.up_proj",
            "mlp.down_proj");

    /** GGUF files, as llama.cpp writes them. */
    static final TensorNames GGUF = new TensorNames(
            "token_embd.weight",
            "output_norm.weight",
            "output.weight",
            "blk.%d.",
            "attn_norm",
            "attn_q",
            "attn_k",
            "attn_v",
            "attn_q_norm",
            "attn_k_norm",
            "attn_output",
            "ffn_norm",
            "ffn_gate",
            "ffn_up",
            "ffn_down");

    String weight(int layer, String part) {
        return blockPrefix.formatted(layer) + part + ".weight";
    }

    String bias(int layer, String part) {
        return blockPrefix.formatted(layer) + part + ".bias";
    }

    /** Every tensor that a model of this shape has, with its shape. */
    SequencedMap<String, List<Long>> shapes(ModelConfig config) {
        SequencedMap<String, List<Long>> shapes = new LinkedHashMap<>();
        List<Long> vector = List.of((long) config.hidden());
        List<Long> vocabulary = List.of((long) config.vocabulary(), (long) config.hidden());
        shapes.put(embedding, vocabulary);
        for (int layer = 0; layer < config.layers(); layer++) {
            shapes.put(weight(layer, attentionNorm), vector);
            shapes.put(weight(layer, query), matrix(config.queryWidth(), config.hidden()));
            for (String part : List.of(key, value)) {
                shapes.put(weight(layer, part), matrix(config.keyValueWidth(), config.hidden()));
            }
            if (config.attentionBias()) {
                shapes.put(bias(layer, query), List.of((long) config.queryWidth()));
                shapes.put(bias(layer, key), List.of((long) config.keyValueWidth()));
                shapes.put(bias(layer, value), List.of((long) config.keyValueWidth()));
            }
            if (config.queryKeyNorm()) {
                shapes.put(weight(layer, queryNorm), List.of((long) config.headSize()));
                shapes.put(weight(layer, keyNorm), List.of((long) config.headSize()));
            }
            shapes.put(weight(layer, output), matrix(config.hidden(), config.queryWidth()));
            shapes.put(weight(layer, feedForwardNorm), vector);
            shapes.put(weight(layer, gate), matrix(config.feedForward(), config.hidden()));
            shapes.put(weight(layer, up), matrix(config.feedForward(), config.hidden()));
            shapes.put(weight(layer, down), matrix(config.hidden(), config.feedForward()));
        }
        shapes.put(finalNorm, vector);
        if (!config.tiedHead()) {
            shapes.put(head, vocabulary);
        }
        return shapes;
    }

    private static List<Long> matrix(long rows, long columns) {
        return List.of(rows, columns);
    }
}
