package dev.hone.train;

import dev.hone.model.ModelConfig;
import dev.hone.model.ModelConfig.Architecture;
import dev.hone.model.ModelConfig.Rope;
import dev.hone.model.ModelConfig.Scaling;
import dev.hone.model.Weights;
import dev.hone.tensor.HostArrays;
import dev.hone.tensor.Ownership;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.bytedeco.pytorch.Tensor;

/** A model small enough for a test, with random weights of every kind that a family has. */
final class TinyModel implements AutoCloseable {
    private final Ownership owned = new Ownership();
    private final Random random;
    private final Weights weights;

    static ModelConfig llama() {
        return new ModelConfig(
                Architecture.LLAMA, 61, 24, 2, 6, 2, 4, 20, 512, 1e-5, new Rope(10_000, new Scaling.None()), true,
                false, false);
    }

    static ModelConfig qwen3() {
        return new ModelConfig(
                Architecture.QWEN3, 61, 24, 2, 4, 2, 8, 20, 512, 1e-6, new Rope(10_000, new Scaling.None()), false,
                true, true);
    }

    TinyModel(ModelConfig config, long seed) {
        random = new Random(seed);
        int queryKeyValue = config.queryWidth() + 2 * config.keyValueWidth();
        List<Weights.Block> blocks = new ArrayList<>();
        for (int i = 0; i < config.layers(); i++) {
            blocks.add(new Weights.Block(
                    around(1, config.hidden()),
                    around(0, queryKeyValue, config.hidden()),
                    config.attentionBias() ? around(0, queryKeyValue) : null,
                    config.queryKeyNorm() ? around(1, config.headSize()) : null,
                    config.queryKeyNorm() ? around(1, config.headSize()) : null,
                    around(0, config.hidden(), config.queryWidth()),
                    around(1, config.hidden()),
                    around(0, 2L * config.feedForward(), config.hidden()),
                    around(0, config.hidden(), config.feedForward())));
        }
        Tensor embedding = around(0, config.vocabulary(), config.hidden());
        weights = new Weights(
                config,
                embedding,
                blocks,
                around(1, config.hidden()),
                config.tiedHead() ? embedding : around(0, config.vocabulary(), config.hidden()));
    }

    Weights weights() {
        return weights;
    }

    private Tensor around(double centre, long... shape) {
        int size = 1;
        for (long extent : shape) {
            size *= Math.toIntExact(extent);
        }
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (centre + random.nextGaussian() * 0.2);
        }
        return owned.keep(HostArrays.floats(values).view(shape));
    }

    @Override
    public void close() {
        owned.close();
    }
}
