package dev.hone.train;

import dev.hone.model.ModelConfig;
import dev.hone.model.ModelConfig.Architecture;
import dev.hone.model.ModelConfig.Rope;
import dev.hone.model.ModelConfig.Scaling;
import dev.hone.model.Weights;
import java.util.Arrays;

/** Models small enough for a test. */
final class TinyModel {
    private TinyModel() {}

    /** A shape with bias, head norms, grouped queries and a head of its own. */
    static ModelConfig withEverything() {
        return new ModelConfig(
                Architecture.QWEN3,
                61,
                24,
                2,
                4,
                2,
                8,
                20,
                512,
                1e-6,
                new Rope(10_000, new Scaling.None()),
                false,
                true,
                true);
    }

    static Trainer trainer(ModelConfig config, TrainerSpec spec) {
        return new Trainer(Weights.random(config, 7), spec, Arrays::toString);
    }
}
