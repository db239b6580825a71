package dev.hone.train;

import dev.hone.model.ModelBundle;
import dev.hone.model.Tokenizer;
import dev.hone.model.Weights;
import dev.hone.record.SamplingMode;
import dev.hone.record.Snapshot;
import dev.hone.record.TrainingClient;
import dev.hone.sample.ConstraintMasks;
import dev.hone.sample.Detokenizer;
import dev.hone.sample.Generator;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** libtorch in this process. */
final class TorchEngine implements WorkerServer.Engine {
    @Override
    public TrainingClient trainer(TrainerSpec spec) {
        return new Trainer(StoredModel.load(spec.model()), spec, new OnDemand(spec.model()));
    }

    @Override
    public Snapshot sampler(Path model, SamplingMode mode) {
        return generator(model, mode);
    }

    @Override
    public Generator generator(Path model, SamplingMode mode) {
        try (Weights weights = StoredModel.load(model)) {
            Detokenizer detokenizer = new OnDemand(model);
            ConstraintMasks masks =
                    new ConstraintMasks(detokenizer, weights.config().vocabulary());
            return new Generator(weights, mode, 0, detokenizer, masks, Generator.DEFAULT_ROWS);
        }
    }

    @Override
    public MachineCeiling ceiling(BlockShape shape) {
        return MachineCeiling.measure(shape);
    }

    /** Opens the tokenizer when the first stop string or constraint needs it. */
    private static final class OnDemand implements Detokenizer {
        private final Path model;
        private @Nullable ModelBundle bundle;

        OnDemand(Path model) {
            this.model = model;
        }

        @Override
        public String decode(int[] tokens) {
            return tokenizer().decode(tokens, false);
        }

        @Override
        public byte @Nullable [] bytes(int token) {
            return tokenizer().bytes(token);
        }

        private Tokenizer tokenizer() {
            if (bundle == null) {
                bundle = ModelBundle.open(model);
            }
            return bundle.tokenizer();
        }
    }
}
