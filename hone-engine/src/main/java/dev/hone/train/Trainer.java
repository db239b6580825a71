package dev.hone.train;

import dev.hone.model.ModelConfig;
import dev.hone.model.ModelFolder;
import dev.hone.model.Weights;
import dev.hone.record.AdamParams;
import dev.hone.record.Datum;
import dev.hone.record.Loss;
import dev.hone.record.SamplingMode;
import dev.hone.record.Seeds;
import dev.hone.record.Snapshot;
import dev.hone.record.TrainingClient;
import dev.hone.sample.ConstraintMasks;
import dev.hone.sample.Detokenizer;
import dev.hone.sample.Generator;
import dev.hone.tensor.HostArrays;
import dev.hone.tensor.NativeHeap;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/** Trains one model in this process. All calls come from one platform thread. */
public final class Trainer implements TrainingClient {
    static final int STEPS_BETWEEN_TRIMS = 50;

    private final TrainerSpec spec;
    private final Weights weights;
    private final Detokenizer detokenizer;
    private final ModelConfig config;
    private final ConstraintMasks masks;
    private final Tuning tuning;
    private final PackedBatch.Layout layout;
    private int microBatches;

    /**
     * @param weights the base; belongs to this from now on
     * @param detokenizer for the stop strings of snapshots, and for constraints
     */
    public Trainer(Weights weights, TrainerSpec spec, Detokenizer detokenizer) {
        this(weights, spec, detokenizer, PackedBatch::of);
    }

    Trainer(Weights weights, TrainerSpec spec, Detokenizer detokenizer, PackedBatch.Layout layout) {
        this.spec = spec;
        this.layout = layout;
        this.weights = weights;
        this.detokenizer = detokenizer;
        this.config = weights.config();
        this.masks = new ConstraintMasks(detokenizer, config.vocabulary());
        try (NoGradGuard guard = new NoGradGuard()) {
            tuning = switch (spec.adaptation()) {
                case Adaptation.Lora lora -> new LoraTuning(weights, lora, spec);
                case Adaptation.Full() -> new FullTuning(weights, spec.checkpointing());
            };
        }
    }

    @Override
    public Forward forward(List<Datum> data) {
        return new Forward(inMicroBatches(data, batch -> tuning.network().logprobs(batch)));
    }

    @Override
    public Backward forwardBackward(List<Datum> data, Loss loss) {
        data.forEach(datum -> requireDraw(datum, loss));
        double[] sum = new double[1];
        List<float[]> logprobs = inMicroBatches(data, batch -> {
            Tensor values = tuning.network().addGradients(batch, loss, dropout(microBatches++));
            sum[0] += batch.terms().value(loss, HostArrays.toFloats(values));
            return values;
        });
        long tokens = data.stream().mapToLong(Datum::length).sum();
        long trained = data.stream().mapToLong(Datum::trained).sum();
        return new Backward(sum[0], logprobs, Map.of("tokens", (double) tokens, "trained_tokens", (double) trained));
    }

    @Override
    public Sharing sharing(List<Datum> data) {
        requireNoPendingGradients("compare");
        Parameters parameters = tuning.parameters();
        try {
            List<float[]> together = addGradients(data);
            double norm = parameters.gradientNorm();
            parameters.negateGradients();
            List<float[]> alone = new ArrayList<>();
            for (Datum datum : data) {
                alone.addAll(addGradients(List.of(datum)));
            }
            double difference = parameters.gradientNorm();
            return new Sharing(
                    mostDifference(together, alone),
                    difference == 0 ? 0 : difference / norm,
                    spec.precision().sharing());
        } finally {
            parameters.clearGradients();
        }
    }

    /** Those of the likelihood, which is smooth: clipping would turn rounding into steps. */
    private List<float[]> addGradients(List<Datum> data) {
        return inMicroBatches(
                data, batch -> tuning.network().addGradients(batch, new Loss.CrossEntropy(), Network.DropoutPlan.NONE));
    }

    private static double mostDifference(List<float[]> some, List<float[]> others) {
        double most = 0;
        for (int i = 0; i < some.size(); i++) {
            for (int position = 0; position < some.get(i).length; position++) {
                double difference = Math.abs(some.get(i)[position] - others.get(i)[position]);
                // Once it is no number, it stays so.
                most = Math.max(most, difference);
            }
        }
        return most;
    }

    @Override
    public OptimStep optimStep(AdamParams params) {
        double norm = tuning.parameters().step(params);
        microBatches = 0;
        if (tuning.parameters().step() % STEPS_BETWEEN_TRIMS == 0) {
            NativeHeap.trim();
        }
        return new OptimStep(tuning.parameters().step(), norm);
    }

    @Override
    public Snapshot snapshot(SamplingMode mode) {
        try (NoGradGuard guard = new NoGradGuard();
                PointerScope scope = new PointerScope()) {
            long version = tuning.parameters().step();
            return new Generator(tuning.merged(), mode, version, detokenizer, masks, Generator.DEFAULT_ROWS);
        }
    }

    @Override
    public Checkpoint save(Path folder) {
        requireNoPendingGradients("save");
        TrainingState.save(folder, tuning.parameters());
        return new Checkpoint(folder, tuning.parameters().step());
    }

    @Override
    public void load(Checkpoint checkpoint) {
        TrainingState.load(checkpoint.folder(), tuning.parameters());
        microBatches = 0;
    }

    @Override
    public void export(Path folder) {
        try (NoGradGuard guard = new NoGradGuard();
                PointerScope scope = new PointerScope()) {
            switch (tuning) {
                case LoraTuning lora ->
                    PeftAdapter.write(folder, lora, config, spec.model().toString());
                case FullTuning full -> ModelFolder.write(folder, full.merged(), List.of());
            }
        }
    }

    private void requireNoPendingGradients(String verb) {
        if (microBatches > 0) {
            throw new IllegalStateException("Cannot " + verb
                    + " between forwardBackward and optimStep: the accumulated gradients would be lost");
        }
    }

    Tuning tuning() {
        return tuning;
    }

    Parameters parameters() {
        return tuning.parameters();
    }

    /** Runs packed micro-batches and gives each datum its values back. */
    private List<float[]> inMicroBatches(List<Datum> data, Function<PackedBatch, Tensor> computation) {
        data.forEach(this::validate);
        List<float[]> results = new ArrayList<>(
                data.stream().map(datum -> new float[datum.length()]).toList());
        for (List<Integer> bin : Packing.pack(data, spec.microBatchTokens())) {
            List<Datum> members = bin.stream().map(data::get).toList();
            if (members.stream().allMatch(datum -> datum.trained() == 0)) {
                continue;
            }
            try (NoGradGuard guard = new NoGradGuard();
                    PointerScope scope = new PointerScope()) {
                PackedBatch batch = layout.of(members, tuning.network().rotations(), masks);
                float[] values = HostArrays.toFloats(computation.apply(batch));
                int next = 0;
                for (int index : bin) {
                    float[] weights = data.get(index).weights();
                    for (int position = 0; position < weights.length; position++) {
                        if (weights[position] != 0) {
                            results.get(index)[position] = values[next++];
                        }
                    }
                }
            }
        }
        return results;
    }

    private Network.DropoutPlan dropout(int microBatch) {
        if (tuning.dropout() == 0) {
            return Network.DropoutPlan.NONE;
        }
        long step = Seeds.mix(spec.seed(), tuning.parameters().step());
        long place = Seeds.mix(step, microBatch);
        return block -> new Dropout(tuning.dropout(), Seeds.mix(place, block));
    }

    private static void requireDraw(Datum datum, Loss loss) {
        if (loss.needsDraw() && !datum.draw().known()) {
            throw new IllegalArgumentException(
                    "The loss [%s] needs advantages and the log-probabilities of the sampler, which a datum lacks"
                            .formatted(loss));
        }
    }

    private void validate(Datum datum) {
        if (datum.length() > config.maxPositions()) {
            throw new IllegalArgumentException(
                    "A sequence has [%d] tokens, but the model has [%d] positions: truncate it"
                            .formatted(datum.length(), config.maxPositions()));
        }
        requireKnown(datum.tokens());
        requireKnown(datum.targets());
    }

    private void requireKnown(int[] tokens) {
        Arrays.stream(tokens)
                .filter(token -> token < 0 || token >= config.vocabulary())
                .findFirst()
                .ifPresent(token -> {
                    throw new IllegalArgumentException(
                            "Token id [%d] is outside the model's vocabulary of [%d]: was the text encoded with another tokenizer?"
                                    .formatted(token, config.vocabulary()));
                });
    }

    @Override
    public void close() {
        tuning.close();
        weights.close();
    }
}
