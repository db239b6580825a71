package dev.hone.train;

import dev.hone.model.ModelConfig;
import dev.hone.model.Weights;
import dev.hone.record.AdamParams;
import dev.hone.record.Datum;
import dev.hone.record.Loss;
import dev.hone.record.TrainingClient;
import dev.hone.tensor.HostArrays;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/** Trains one model in this process. All calls come from one platform thread. */
public final class Trainer implements AutoCloseable {
    private final TrainerSpec spec;
    private final ModelConfig config;
    private final Tuning tuning;
    private int microBatches;

    /** @param weights must live as long as this */
    public Trainer(Weights weights, TrainerSpec spec) {
        this.spec = spec;
        this.config = weights.config();
        try (NoGradGuard guard = new NoGradGuard()) {
            tuning = switch (spec.adaptation()) {
                case Adaptation.Lora lora ->
                    new LoraTuning(weights, lora, spec.seed(), spec.microBatchTokens(), spec.checkpointing());
                case Adaptation.Full() -> new FullTuning(weights, spec.checkpointing());
            };
        }
    }

    public TrainingClient.Forward forward(List<Datum> data) {
        return new TrainingClient.Forward(
                inMicroBatches(data, batch -> tuning.network().logprobs(batch)));
    }

    public TrainingClient.Backward forwardBackward(List<Datum> data, Loss loss) {
        List<float[]> logprobs = switch (loss) {
            case Loss.CrossEntropy() ->
                inMicroBatches(data, batch -> tuning.network().addGradients(batch, dropout(microBatches++)));
        };
        double sum = 0;
        long tokens = 0;
        long trained = 0;
        for (int i = 0; i < data.size(); i++) {
            float[] weights = data.get(i).weights();
            for (int position = 0; position < weights.length; position++) {
                sum -= (double) weights[position] * logprobs.get(i)[position];
            }
            tokens += weights.length;
            trained += data.get(i).trained();
        }
        return new TrainingClient.Backward(
                sum, logprobs, Map.of("tokens", (double) tokens, "trained_tokens", (double) trained));
    }

    public TrainingClient.OptimStep optimStep(AdamParams params) {
        double norm = tuning.parameters().step(params);
        microBatches = 0;
        return new TrainingClient.OptimStep(tuning.parameters().step(), norm);
    }

    Parameters parameters() {
        return tuning.parameters();
    }

    /** Runs packed micro-batches and gives each datum its values back. */
    private List<float[]> inMicroBatches(List<Datum> data, Function<PackedBatch, Tensor> computation) {
        data.forEach(this::validate);
        List<float[]> results = new ArrayList<>(data.stream()
                .map(datum -> new float[datum.length()])
                .toList());
        for (List<Integer> bin : Packing.pack(data, spec.microBatchTokens())) {
            List<Datum> members = bin.stream().map(data::get).toList();
            if (members.stream().allMatch(datum -> datum.trained() == 0)) {
                continue;
            }
            try (NoGradGuard guard = new NoGradGuard();
                    PointerScope scope = new PointerScope()) {
                PackedBatch batch = PackedBatch.of(members, tuning.network().rotations());
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
        long step = Dropout.mix(spec.seed(), tuning.parameters().step());
        long place = Dropout.mix(step, microBatch);
        return block -> new Dropout(tuning.dropout(), Dropout.mix(place, block));
    }

    private void validate(Datum datum) {
        if (datum.length() > config.maxPositions()) {
            throw new IllegalArgumentException("A sequence has [%d] tokens, but the model has [%d] positions: truncate it"
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
    }
}
