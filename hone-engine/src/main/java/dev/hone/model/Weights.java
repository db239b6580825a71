package dev.hone.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * The fp32 weights of a model as contiguous tensors, laid out for computing: projections that share an input are one
 * matrix, and the rows of query and key heads are permuted so that rotary pairs are adjacent. Made by the loader (which
 * undoes both when it writes); consumed by training and sampling. Weights that were loaded or made at random own their
 * tensors: who asked for them closes them, when nothing uses the tensors any more.
 *
 * @param config shape
 * @param embedding Shape: (vocabulary, hidden)
 * @param blocks one a layer
 * @param finalNorm Shape: (hidden)
 * @param head Shape: (vocabulary, hidden); the embedding itself when tied
 */
public record Weights(ModelConfig config, Tensor embedding, List<Block> blocks, Tensor finalNorm, Tensor head)
        implements AutoCloseable {

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

    public Weights {
        blocks = List.copyOf(blocks);
    }

    /**
     * Weights to train from scratch: matrices are normal around 0 with a deviation of 1/√columns (LeCun), norms normal
     * around 1 and biases around 0 with 0.02. Equal seeds give equal weights.
     */
    public static Weights random(ModelConfig config, long seed) {
        try (PointerScope _ = new PointerScope()) {
            GeneratorOptional random = new GeneratorOptional(new Generator(torch.make_generator_cpu(seed)));
            int hidden = config.hidden();
            Tensor embedding = matrix(random, config.vocabulary(), hidden);
            List<Block> blocks = new ArrayList<>();
            for (int layer = 0; layer < config.layers(); layer++) {
                int rows = config.queryWidth() + 2 * config.keyValueWidth();
                blocks.add(new Block(
                        normal(random, 1, 0.02, hidden),
                        matrix(random, rows, hidden),
                        config.attentionBias() ? normal(random, 0, 0.02, rows) : null,
                        config.queryKeyNorm() ? normal(random, 1, 0.02, config.headSize()) : null,
                        config.queryKeyNorm() ? normal(random, 1, 0.02, config.headSize()) : null,
                        matrix(random, hidden, config.queryWidth()),
                        normal(random, 1, 0.02, hidden),
                        matrix(random, 2L * config.feedForward(), hidden),
                        matrix(random, hidden, config.feedForward())));
            }
            Tensor finalNorm = normal(random, 1, 0.02, hidden);
            Tensor head = config.tiedHead() ? embedding : matrix(random, config.vocabulary(), hidden);
            return new Weights(config, embedding, blocks, finalNorm, head);
        }
    }

    private static Tensor matrix(GeneratorOptional random, long rows, long columns) {
        return normal(random, 0, 1 / Math.sqrt(columns), rows, columns);
    }

    private static Tensor normal(GeneratorOptional random, double mean, double deviation, long... shape) {
        Tensor tensor = torch.empty(shape);
        tensor.normal_(mean, deviation, random);
        tensor.retainReference();
        return tensor;
    }

    /** All tensors, a tied head once. */
    public Stream<Tensor> tensors() {
        Stream<Tensor> ends =
                head == embedding ? Stream.of(embedding, finalNorm) : Stream.of(embedding, finalNorm, head);
        return Stream.concat(
                ends,
                blocks.stream()
                        .flatMap(block -> Stream.of(
                                        block.attentionNorm,
                                        block.queryKeyValue,
                                        block.queryKeyValueBias,
                                        block.queryNorm,
                                        block.keyNorm,
                                        block.output,
                                        block.feedForwardNorm,
                                        block.gateUp,
                                        block.down)
                                .filter(Objects::nonNull)));
    }

    /** Frees all tensors. */
    @Override
    public void close() {
        tensors().forEach(Tensor::close);
    }
}
