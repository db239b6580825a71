package dev.hone.train;

import dev.hone.model.ModelConfig;
import dev.hone.model.RmsNorm;
import dev.hone.model.SegmentAttention;
import dev.hone.tensor.Ownership;
import dev.hone.train.Projection.Memo;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * One transformer block with its gradient, written out: {@code x + attention(norm(x))}, then {@code + mlp(norm(·))}. T =
 * positions, E = hidden width, F = feed-forward width, H, K, D as in {@link SegmentAttention}.
 */
final class Block {
    private final ModelConfig config;
    private final SegmentAttention attention;
    private final Layers layers;

    /**
     * The layers of a block.
     *
     * @param bias of query, key and value, or null
     * @param biasGradient where the bias's gradient is added, or null when it is frozen or absent
     * @param queryNorm normalises each query head, or null
     * @param keyNorm normalises each key head, or null
     */
    record Layers(
            RmsNorm attentionNorm,
            Projection queryKeyValue,
            @Nullable Tensor bias,
            @Nullable Tensor biasGradient,
            @Nullable RmsNorm queryNorm,
            @Nullable RmsNorm keyNorm,
            Projection output,
            RmsNorm feedForwardNorm,
            Projection gateUp,
            Projection down) {}

    /**
     * What the backward pass needs of a forward pass.
     *
     * @param input Shape: (T, E)
     * @param inputScale of the attention norm. Shape: (T, 1)
     * @param heads scales and inputs of the head norms, or null without them
     * @param queryKeyValue rotated. Shape: (T, (H + 2K)·D)
     * @param attended Shape: (T, H·D)
     * @param logSumExp of the attention. Shape: (T, H)
     * @param middle after the attention's residual. Shape: (T, E)
     * @param middleScale of the feed-forward norm. Shape: (T, 1)
     * @param gateUp Shape: (T, 2F)
     */
    record Activations(
            Tensor input,
            Tensor inputScale,
            @Nullable HeadNorms heads,
            Tensor queryKeyValue,
            Tensor attended,
            Tensor logSumExp,
            Tensor middle,
            Tensor middleScale,
            Tensor gateUp,
            Memo queryKeyValueMemo,
            Memo outputMemo,
            Memo gateUpMemo,
            Memo downMemo) {}

    /**
     * Inputs and scales of the query and key norms.
     *
     * @param queries before the norm. Shape: (T, H, D)
     * @param queryScale Shape: (T, H, 1)
     * @param keys before the norm. Shape: (T, K, D)
     * @param keyScale Shape: (T, K, 1)
     */
    record HeadNorms(Tensor queries, Tensor queryScale, Tensor keys, Tensor keyScale) {}

    /** A block's output, owned like its activations. */
    record Forward(Tensor output, Activations activations) {}

    Block(ModelConfig config, Layers layers) {
        this.config = config;
        this.attention = new SegmentAttention(config);
        this.layers = layers;
    }

    /**
     * @param x Shape: (T, E)
     * @param saved owner of the output and of everything that backward needs
     */
    Forward forward(Tensor x, PackedBatch batch, @Nullable Dropout dropout, Ownership saved) {
        try (PointerScope scope = new PointerScope()) {
            Tensor inputScale = layers.attentionNorm().scale(x);
            Projection.Result qkv =
                    layers.queryKeyValue().forward(layers.attentionNorm().apply(x, inputScale), dropout, saved);
            if (layers.bias() != null) {
                qkv.y().add_(layers.bias());
            }
            HeadNorms heads = normaliseHeads(qkv.y(), saved);
            rotate(qkv.y(), batch.rotations());
            Tensor attended = torch.empty(x.size(0), config.queryWidth());
            Tensor logSumExp = attention.forward(qkv.y(), batch.segments(), attended);
            Projection.Result output = layers.output().forward(attended, dropout, saved);
            Tensor middle = output.y().add_(x);

            Tensor middleScale = layers.feedForwardNorm().scale(middle);
            Projection.Result gateUp =
                    layers.gateUp().forward(layers.feedForwardNorm().apply(middle, middleScale), dropout, saved);
            Tensor inner = torch.silu(gate(gateUp.y())).mul_(up(gateUp.y()));
            Projection.Result down = layers.down().forward(inner, dropout, saved);
            Tensor y = down.y().add_(middle);

            Activations activations = new Activations(
                    saved.keep(x),
                    saved.keep(inputScale),
                    heads,
                    saved.keep(qkv.y()),
                    saved.keep(attended),
                    saved.keep(logSumExp),
                    saved.keep(middle),
                    saved.keep(middleScale),
                    saved.keep(gateUp.y()),
                    qkv.memo(),
                    output.memo(),
                    gateUp.memo(),
                    down.memo());
            return new Forward(saved.keep(y), activations);
        }
    }

    /**
     * Adds the gradients of what is trained.
     *
     * @param dy gradient of the output; is overwritten. Shape: (T, E)
     * @return gradient of the input, in {@code dy}'s memory
     */
    Tensor backward(Tensor dy, PackedBatch batch, Activations saved) {
        try (PointerScope scope = new PointerScope()) {
            backwardFeedForward(dy, saved);
            backwardAttention(dy, batch, saved);
            return dy;
        }
    }

    /** Turns the gradient of the block's output into that of the middle. */
    private void backwardFeedForward(Tensor dy, Activations saved) {
        Tensor gate = gate(saved.gateUp());
        Tensor up = up(saved.gateUp());
        Tensor activated = torch.silu(gate);
        Tensor dInner = layers.down().backward(dy, activated.mul(up), saved.downMemo());
        Tensor dGateUp = torch.empty_like(saved.gateUp());
        torch.mul_out(up(dGateUp), dInner, activated);
        torch.silu_backward_outf(dInner.mul_(up), gate, gate(dGateUp));
        Tensor normed = layers.feedForwardNorm().apply(saved.middle(), saved.middleScale());
        Tensor dNormed = layers.gateUp().backward(dGateUp, normed, saved.gateUpMemo());
        dy.add_(layers.feedForwardNorm().backward(dNormed, saved.middle(), saved.middleScale()));
    }

    /** Turns the gradient of the middle into that of the input. */
    private void backwardAttention(Tensor dMiddle, PackedBatch batch, Activations saved) {
        Tensor dAttended = layers.output().backward(dMiddle, saved.attended(), saved.outputMemo());
        Tensor dQkv = attention.backward(
                dAttended, saved.queryKeyValue(), saved.attended(), saved.logSumExp(), batch.segments());
        rotate(dQkv, batch.inverseRotations());
        backwardHeads(dQkv, saved.heads());
        if (layers.biasGradient() != null) {
            layers.biasGradient().add_(dQkv.sum(0));
        }
        Tensor normed = layers.attentionNorm().apply(saved.input(), saved.inputScale());
        Tensor dNormed = layers.queryKeyValue().backward(dQkv, normed, saved.queryKeyValueMemo());
        dMiddle.add_(layers.attentionNorm().backward(dNormed, saved.input(), saved.inputScale()));
    }

    /** Turns the query and key heads in place. */
    private void rotate(Tensor queryKeyValue, Tensor rotations) {
        long rotated = config.heads() + config.keyValueHeads();
        Tensor pairs = queryKeyValue
                .narrow(1, 0, rotated * config.headSize())
                .view(queryKeyValue.size(0), rotated, config.headSize() / 2, 2);
        torch.view_as_complex(pairs).mul_(rotations);
    }

    /** Normalises the query and key heads in place, where the model does. */
    private @Nullable HeadNorms normaliseHeads(Tensor queryKeyValue, Ownership saved) {
        RmsNorm queryNorm = layers.queryNorm();
        RmsNorm keyNorm = layers.keyNorm();
        if (queryNorm == null || keyNorm == null) {
            return null;
        }
        Tensor queries = saved.keep(queryHeads(queryKeyValue).clone());
        Tensor keys = saved.keep(keyHeads(queryKeyValue).clone());
        Tensor queryScale = saved.keep(queryNorm.scale(queries));
        Tensor keyScale = saved.keep(keyNorm.scale(keys));
        queryHeads(queryKeyValue).copy_(queryNorm.apply(queries, queryScale));
        keyHeads(queryKeyValue).copy_(keyNorm.apply(keys, keyScale));
        return new HeadNorms(queries, queryScale, keys, keyScale);
    }

    private void backwardHeads(Tensor dQkv, @Nullable HeadNorms saved) {
        RmsNorm queryNorm = layers.queryNorm();
        RmsNorm keyNorm = layers.keyNorm();
        if (saved == null || queryNorm == null || keyNorm == null) {
            return;
        }
        queryNorm.backward(queryHeads(dQkv), saved.queries(), saved.queryScale());
        keyNorm.backward(keyHeads(dQkv), saved.keys(), saved.keyScale());
    }

    // Shape: (T, (H + 2K)·D) → (T, H, D)
    private Tensor queryHeads(Tensor queryKeyValue) {
        return queryKeyValue
                .narrow(1, 0, config.queryWidth())
                .view(queryKeyValue.size(0), config.heads(), config.headSize());
    }

    // Shape: (T, (H + 2K)·D) → (T, K, D)
    private Tensor keyHeads(Tensor queryKeyValue) {
        return queryKeyValue
                .narrow(1, config.queryWidth(), config.keyValueWidth())
                .view(queryKeyValue.size(0), config.keyValueHeads(), config.headSize());
    }

    // Shape: (T, 2F) → (T, F)
    private Tensor gate(Tensor gateUp) {
        return gateUp.narrow(1, 0, config.feedForward());
    }

    // Shape: (T, 2F) → (T, F)
    private Tensor up(Tensor gateUp) {
        return gateUp.narrow(1, config.feedForward(), config.feedForward());
    }
}
