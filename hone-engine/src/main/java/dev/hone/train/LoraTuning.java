package dev.hone.train;

import dev.hone.model.ModelConfig;
import dev.hone.model.RmsNorm;
import dev.hone.model.RotaryEmbedding;
import dev.hone.model.Weights;
import dev.hone.tensor.Operators;
import dev.hone.tensor.Ownership;
import dev.hone.train.Parameters.Parameter;
import dev.hone.train.Parameters.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Frozen weights with trained adapters on all linear layers of the blocks. */
final class LoraTuning implements Tuning {
    private static final int HEAD_CHUNK = 128;

    private final Weights weights;
    private final Adaptation.Lora lora;
    private final int packRows;
    private final Precision precision;
    private final Ownership owned = new Ownership();
    private final Parameters parameters;
    private final Network network;

    /** The four fused layers of a block, each with the output widths of the projections that are fused in it. */
    enum Layer {
        QUERY_KEY_VALUE,
        OUTPUT,
        GATE_UP,
        DOWN;

        String parameter(int block, String part) {
            return "blocks.%d.%s.%s".formatted(block, name().toLowerCase(Locale.ROOT), part);
        }

        long[] outputs(ModelConfig config) {
            return switch (this) {
                case QUERY_KEY_VALUE ->
                    new long[] {config.queryWidth(), config.keyValueWidth(), config.keyValueWidth()};
                case OUTPUT, DOWN -> new long[] {config.hidden()};
                case GATE_UP -> new long[] {config.feedForward(), config.feedForward()};
            };
        }

        long input(ModelConfig config) {
            return switch (this) {
                case QUERY_KEY_VALUE, GATE_UP -> config.hidden();
                case OUTPUT -> config.queryWidth();
                case DOWN -> config.feedForward();
            };
        }

        Tensor weight(Weights.Block block) {
            return switch (this) {
                case QUERY_KEY_VALUE -> block.queryKeyValue();
                case OUTPUT -> block.output();
                case GATE_UP -> block.gateUp();
                case DOWN -> block.down();
            };
        }
    }

    /**
     * Packs the weights and makes fresh adapters: the first factor uniform in ±1/√in, the second zero, as in PEFT.
     *
     * @param weights stay the caller's; must live as long as this
     */
    LoraTuning(Weights weights, Adaptation.Lora lora, TrainerSpec spec) {
        if (spec.precision() == Precision.BF16 && !Operators.multipliesBf16()) {
            throw new IllegalArgumentException(
                    "precision [bf16] needs a processor with AVX-512 or AVX-NE-CONVERT: train in [fp32] here");
        }
        this.weights = weights;
        this.lora = lora;
        this.packRows = spec.microBatchTokens();
        this.precision = spec.precision();
        ModelConfig config = weights.config();
        parameters = new Parameters(slots(config, lora.rank()));
        try (PointerScope scope = new PointerScope()) {
            Generator generator = torch.make_generator_cpu(spec.seed());
            List<Block> blocks = new ArrayList<>();
            for (int i = 0; i < config.layers(); i++) {
                blocks.add(block(i, generator));
            }
            Head head = new Head(
                    RmsNorm.frozen(weights.finalNorm(), config.epsilon()),
                    Matrix.packed(weights.head(), HEAD_CHUNK, Precision.FP32, owned),
                    Matrix.packed(weights.head().t().contiguous(), HEAD_CHUNK, precision, owned),
                    null,
                    HEAD_CHUNK);
            Tensor rotations = owned.keep(RotaryEmbedding.table(config, config.maxPositions()));
            network = new Network(weights.embedding(), null, blocks, head, rotations, spec.checkpointing());
        }
    }

    private static List<Slot> slots(ModelConfig config, int rank) {
        List<Slot> slots = new ArrayList<>();
        for (int i = 0; i < config.layers(); i++) {
            for (Layer layer : Layer.values()) {
                long[] outputs = layer.outputs(config);
                slots.add(new Slot(layer.parameter(i, "down"), (long) outputs.length * rank, layer.input(config)));
                for (int part = 0; part < outputs.length; part++) {
                    slots.add(new Slot(layer.parameter(i, "up." + part), outputs[part], rank));
                }
            }
        }
        return slots;
    }

    private Block block(int index, Generator generator) {
        ModelConfig config = weights.config();
        Weights.Block block = weights.blocks().get(index);
        Tensor queryNorm = block.queryNorm();
        Tensor keyNorm = block.keyNorm();
        Block.Layers layers = new Block.Layers(
                RmsNorm.frozen(block.attentionNorm(), config.epsilon()),
                projection(index, Layer.QUERY_KEY_VALUE, generator),
                block.queryKeyValueBias(),
                null,
                queryNorm == null ? null : RmsNorm.frozen(queryNorm, config.epsilon()),
                keyNorm == null ? null : RmsNorm.frozen(keyNorm, config.epsilon()),
                projection(index, Layer.OUTPUT, generator),
                RmsNorm.frozen(block.feedForwardNorm(), config.epsilon()),
                projection(index, Layer.GATE_UP, generator),
                projection(index, Layer.DOWN, generator));
        return new Block(config, layers);
    }

    private Projection projection(int block, Layer layer, Generator generator) {
        Tensor weight = layer.weight(weights.blocks().get(block));
        Parameter down = down(block, layer);
        double bound = 1 / Math.sqrt(weight.size(1));
        down.value().uniform_(-bound, bound, new GeneratorOptional(generator));
        return new Projection.Adapted(
                Matrix.packed(weight, packRows, precision, owned),
                Matrix.packed(weight.t().contiguous(), packRows, precision, owned),
                down,
                ups(block, layer),
                lora.scale());
    }

    Adaptation.Lora lora() {
        return lora;
    }

    /** The first factors of a fused layer's adapters, stacked. Shape: (parts · rank, in) */
    Parameter down(int block, Layer layer) {
        return parameters.get(layer.parameter(block, "down"));
    }

    /** The second factor of one of a fused layer's adapters. Shape: (out, rank) */
    Parameter up(int block, Layer layer, int part) {
        return parameters.get(layer.parameter(block, "up." + part));
    }

    private List<Parameter> ups(int block, Layer layer) {
        List<Parameter> ups = new ArrayList<>();
        for (int part = 0; part < layer.outputs(weights.config()).length; part++) {
            ups.add(up(block, layer, part));
        }
        return ups;
    }

    @Override
    public Network network() {
        return network;
    }

    @Override
    public Parameters parameters() {
        return parameters;
    }

    @Override
    public double dropout() {
        return lora.dropout();
    }

    @Override
    public Weights merged() {
        List<Weights.Block> blocks = new ArrayList<>();
        for (int i = 0; i < weights.blocks().size(); i++) {
            Weights.Block block = weights.blocks().get(i);
            blocks.add(new Weights.Block(
                    block.attentionNorm(),
                    merged(i, Layer.QUERY_KEY_VALUE),
                    block.queryKeyValueBias(),
                    block.queryNorm(),
                    block.keyNorm(),
                    merged(i, Layer.OUTPUT),
                    block.feedForwardNorm(),
                    merged(i, Layer.GATE_UP),
                    merged(i, Layer.DOWN)));
        }
        return new Weights(weights.config(), weights.embedding(), blocks, weights.finalNorm(), weights.head());
    }

    /** {@code W + alpha/rank · B A}, in the caller's scope. */
    private Tensor merged(int block, Layer layer) {
        Tensor merged = layer.weight(weights.blocks().get(block)).clone();
        Tensor down = down(block, layer).value();
        Scalar one = new Scalar(1.0);
        Scalar scale = new Scalar(lora.scale());
        long rank = lora.rank();
        long offset = 0;
        List<Parameter> ups = ups(block, layer);
        for (int part = 0; part < ups.size(); part++) {
            Tensor up = ups.get(part).value();
            merged.narrow(0, offset, up.size(0)).addmm_(up, down.narrow(0, part * rank, rank), one, scale);
            offset += up.size(0);
        }
        return merged;
    }

    @Override
    public void close() {
        owned.close();
        parameters.close();
    }
}
