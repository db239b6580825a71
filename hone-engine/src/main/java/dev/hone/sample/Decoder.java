package dev.hone.sample;

import dev.hone.model.ModelConfig;
import dev.hone.model.RmsNorm;
import dev.hone.model.RotaryEmbedding;
import dev.hone.model.Weights;
import dev.hone.record.SamplingMode;
import dev.hone.tensor.Ownership;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * The forward pass of generation. What attends to what is the caller's business. T = rows, E = hidden width, H = heads, K =
 * key-value heads, D = head size, V = vocabulary.
 */
final class Decoder implements AutoCloseable {
    private final ModelConfig config;
    private final Ownership owned = new Ownership();
    private final Tensor embedding;
    private final Tensor rotations;
    private final RmsNorm finalNorm;
    private final Linear head;
    private final List<Layer> layers = new ArrayList<>();

    /** Attention of one layer. */
    @FunctionalInterface
    interface Attend {
        /**
         * @param queryKeyValue rotated queries, rotated keys, values of the rows. Shape: (T, (H + 2K)·D)
         * @param output where the attended values go. Shape: (T, H·D)
         */
        void attend(int layer, Tensor queryKeyValue, Tensor output);
    }

    private record Layer(
            RmsNorm attentionNorm,
            Linear queryKeyValue,
            @Nullable Tensor bias,
            @Nullable RmsNorm queryNorm,
            @Nullable RmsNorm keyNorm,
            Linear output,
            RmsNorm feedForwardNorm,
            Linear gateUp,
            Linear down) {}

    /**
     * @param weights may be closed afterwards
     * @param rows typical number of rows of a decoding step
     */
    Decoder(Weights weights, SamplingMode mode, int rows) {
        config = weights.config();
        embedding = owned.keep(weights.embedding());
        finalNorm = norm(weights.finalNorm());
        try (PointerScope scope = new PointerScope()) {
            rotations = owned.keep(RotaryEmbedding.table(config, config.maxPositions()));
            head = Linear.of(weights.head(), mode, rows);
        }
        for (Weights.Block block : weights.blocks()) {
            try (PointerScope scope = new PointerScope()) {
                Tensor bias = block.queryKeyValueBias();
                Tensor queryNorm = block.queryNorm();
                Tensor keyNorm = block.keyNorm();
                layers.add(new Layer(
                        norm(block.attentionNorm()),
                        Linear.of(block.queryKeyValue(), mode, rows),
                        bias == null ? null : owned.keep(bias),
                        queryNorm == null ? null : norm(queryNorm),
                        keyNorm == null ? null : norm(keyNorm),
                        Linear.of(block.output(), mode, rows),
                        norm(block.feedForwardNorm()),
                        Linear.of(block.gateUp(), mode, rows),
                        Linear.of(block.down(), mode, rows)));
            }
        }
    }

    private RmsNorm norm(Tensor weight) {
        return RmsNorm.frozen(owned.keep(weight), config.epsilon());
    }

    ModelConfig config() {
        return config;
    }

    /**
     * @param tokens Shape: (T)
     * @param positions Shape: (T)
     * @return last hidden states before the final norm, in the caller's scope. Shape: (T, E)
     */
    Tensor hidden(Tensor tokens, Tensor positions, Attend attend) {
        Tensor x = embedding.index_select(0, tokens);
        Tensor rotation = rotations.index_select(0, positions).unsqueeze(1);
        for (int i = 0; i < layers.size(); i++) {
            try (PointerScope scope = new PointerScope()) {
                Layer layer = layers.get(i);
                Tensor queryKeyValue = layer.queryKeyValue().apply(normalised(layer.attentionNorm(), x));
                if (layer.bias() != null) {
                    queryKeyValue.add_(layer.bias());
                }
                normaliseHeads(queryKeyValue, layer);
                rotate(queryKeyValue, rotation);
                Tensor attended = torch.empty(x.size(0), config.queryWidth());
                attend.attend(i, queryKeyValue, attended);
                x.add_(layer.output().apply(attended));
                Tensor gateUp = layer.gateUp().apply(normalised(layer.feedForwardNorm(), x));
                Tensor inner = torch.silu(gateUp.narrow(1, 0, config.feedForward()));
                inner.mul_(gateUp.narrow(1, config.feedForward(), config.feedForward()));
                x.add_(layer.down().apply(inner));
            }
        }
        return x;
    }

    /** Shape: (T, E) → (T, V), in the caller's scope */
    Tensor logits(Tensor hidden) {
        return head.apply(normalised(finalNorm, hidden));
    }

    private static Tensor normalised(RmsNorm norm, Tensor x) {
        return norm.apply(x, norm.scale(x));
    }

    private void normaliseHeads(Tensor queryKeyValue, Layer layer) {
        RmsNorm queryNorm = layer.queryNorm();
        RmsNorm keyNorm = layer.keyNorm();
        if (queryNorm == null || keyNorm == null) {
            return;
        }
        long rows = queryKeyValue.size(0);
        Tensor queries = queryKeyValue.narrow(1, 0, config.queryWidth()).view(rows, config.heads(), config.headSize());
        Tensor keys = queryKeyValue
                .narrow(1, config.queryWidth(), config.keyValueWidth())
                .view(rows, config.keyValueHeads(), config.headSize());
        queries.copy_(normalised(queryNorm, queries));
        keys.copy_(normalised(keyNorm, keys));
    }

    private void rotate(Tensor queryKeyValue, Tensor rotation) {
        long rotated = config.heads() + config.keyValueHeads();
        Tensor pairs = queryKeyValue
                .narrow(1, 0, rotated * config.headSize())
                .view(queryKeyValue.size(0), rotated, config.headSize() / 2, 2);
        torch.view_as_complex(pairs).mul_(rotation);
    }

    @Override
    public void close() {
        head.close();
        for (Layer layer : layers) {
            layer.queryKeyValue().close();
            layer.output().close();
            layer.gateUp().close();
            layer.down().close();
        }
        owned.close();
    }
}
