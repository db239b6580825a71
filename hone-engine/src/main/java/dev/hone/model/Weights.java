package dev.hone.model;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The fp32 weights of a model as contiguous tensors, laid out for computing: projections that share an input are one
 * matrix, and the rows of query and key heads are permuted so that rotary pairs are adjacent. Made by the loader (which
 * undoes both when it writes); consumed by training and sampling.
 *
 * @param config shape
 * @param embedding Shape: (vocabulary, hidden)
 * @param blocks one a layer
 * @param finalNorm Shape: (hidden)
 * @param head Shape: (vocabulary, hidden); the embedding itself when tied
 */
public record Weights(ModelConfig config, Tensor embedding, List<Block> blocks, Tensor finalNorm, Tensor head) {

    /**
     * One transformer block. H = heads, K = key-value heads, D = head size, F = feed-forward width.
     *
     * @param attentionNorm Shape: (hidden)
     * @param queryKeyValue query rows, then key rows, then value rows. Shape: ((H + 2K)·D, hidden)
     * @param queryKeyValueBias Shape: ((H + 2K)·D), or null
     * @param queryNorm Shape: (D), permuted like the rows, or null
     * @param keyNorm Shape: (D), permuted like the rows, or null
     * @param output Shape: (hidden, H·D)
     * @param feedForwardNorm Shape: (hidden)
     * @param gateUp gate rows, then up rows. Shape: (2F, hidden)
     * @param down Shape: (hidden, F)
     */
    public record Block(
            Tensor attentionNorm,
            Tensor queryKeyValue,
            @Nullable Tensor queryKeyValueBias,
            @Nullable Tensor queryNorm,
            @Nullable Tensor keyNorm,
            Tensor output,
            Tensor feedForwardNorm,
            Tensor gateUp,
            Tensor down) {}
}
