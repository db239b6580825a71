package dev.hone.train;

import dev.hone.model.ModelConfig;
import dev.hone.model.RmsNorm;
import dev.hone.model.RotaryEmbedding;
import dev.hone.model.Weights;
import dev.hone.tensor.Ownership;
import dev.hone.train.Parameters.Parameter;
import dev.hone.train.Parameters.Slot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** Every weight of the model trained. */
final class FullTuning implements Tuning {
    private static final int HEAD_CHUNK = 256;

    private final ModelConfig config;
    private final Ownership owned = new Ownership();
    private final Parameters parameters;
    private final Network network;

    /** @param weights are copied; the caller may close them */
    FullTuning(Weights weights, boolean checkpointing) {
        config = weights.config();
        Map<String, Tensor> named = named(weights);
        List<Slot> slots = new ArrayList<>();
        named.forEach((name, tensor) -> slots.add(new Slot(name, tensor.shape())));
        parameters = new Parameters(slots);
        try (PointerScope scope = new PointerScope()) {
            named.forEach((name, tensor) -> parameters.get(name).value().copy_(tensor));
            List<Block> blocks = new ArrayList<>();
            for (int i = 0; i < config.layers(); i++) {
                blocks.add(block(i));
            }
            Parameter embedding = parameters.get("embedding");
            Parameter head = config.tiedHead() ? embedding : parameters.get("head");
            network = new Network(
                    embedding.value(),
                    embedding.gradient(),
                    blocks,
                    new Head(
                            norm("final_norm"),
                            Matrix.plain(head.value()),
                            Matrix.plain(owned.keep(head.value().t())),
                            head.gradient(),
                            HEAD_CHUNK),
                    owned.keep(RotaryEmbedding.table(config, config.maxPositions())),
                    checkpointing);
        }
    }

    /** The trained tensors of a model, by name, in a fixed order. */
    private static Map<String, Tensor> named(Weights weights) {
        Map<String, Tensor> named = new LinkedHashMap<>();
        named.put("embedding", weights.embedding());
        for (int i = 0; i < weights.blocks().size(); i++) {
            Weights.Block block = weights.blocks().get(i);
            String prefix = "blocks." + i + ".";
            named.put(prefix + "attention_norm", block.attentionNorm());
            named.put(prefix + "query_key_value", block.queryKeyValue());
            putIfPresent(named, prefix + "query_key_value_bias", block.queryKeyValueBias());
            putIfPresent(named, prefix + "query_norm", block.queryNorm());
            putIfPresent(named, prefix + "key_norm", block.keyNorm());
            named.put(prefix + "output", block.output());
            named.put(prefix + "feed_forward_norm", block.feedForwardNorm());
            named.put(prefix + "gate_up", block.gateUp());
            named.put(prefix + "down", block.down());
        }
        named.put("final_norm", weights.finalNorm());
        if (!weights.config().tiedHead()) {
            named.put("head", weights.head());
        }
        return named;
    }

    private static void putIfPresent(Map<String, Tensor> named, String name, @Nullable Tensor tensor) {
        if (tensor != null) {
            named.put(name, tensor);
        }
    }

    private Block block(int index) {
        String prefix = "blocks." + index + ".";
        Parameter bias = config.attentionBias() ? parameters.get(prefix + "query_key_value_bias") : null;
        Block.Layers layers = new Block.Layers(
                norm(prefix + "attention_norm"),
                new Projection.Trained(parameters.get(prefix + "query_key_value")),
                bias == null ? null : bias.value(),
                bias == null ? null : bias.gradient(),
                config.queryKeyNorm() ? norm(prefix + "query_norm") : null,
                config.queryKeyNorm() ? norm(prefix + "key_norm") : null,
                new Projection.Trained(parameters.get(prefix + "output")),
                norm(prefix + "feed_forward_norm"),
                new Projection.Trained(parameters.get(prefix + "gate_up")),
                new Projection.Trained(parameters.get(prefix + "down")));
        return new Block(config, layers);
    }

    private RmsNorm norm(String name) {
        Parameter parameter = parameters.get(name);
        return new RmsNorm(parameter.value(), parameter.gradient(), config.epsilon());
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
        return 0;
    }

    @Override
    public Weights merged() {
        List<Weights.Block> blocks = new ArrayList<>();
        for (int i = 0; i < config.layers(); i++) {
            String prefix = "blocks." + i + ".";
            blocks.add(new Weights.Block(
                    copy(prefix + "attention_norm"),
                    copy(prefix + "query_key_value"),
                    config.attentionBias() ? copy(prefix + "query_key_value_bias") : null,
                    config.queryKeyNorm() ? copy(prefix + "query_norm") : null,
                    config.queryKeyNorm() ? copy(prefix + "key_norm") : null,
                    copy(prefix + "output"),
                    copy(prefix + "feed_forward_norm"),
                    copy(prefix + "gate_up"),
                    copy(prefix + "down")));
        }
        Tensor embedding = copy("embedding");
        return new Weights(config, embedding, blocks, copy("final_norm"), config.tiedHead() ? embedding : copy("head"));
    }

    private Tensor copy(String name) {
        return parameters.get(name).value().clone();
    }

    @Override
    public void close() {
        owned.close();
        parameters.close();
    }
}
