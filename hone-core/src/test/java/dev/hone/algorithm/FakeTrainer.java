package dev.hone.algorithm;

import dev.hone.record.AdamParams;
import dev.hone.record.Datum;
import dev.hone.record.Loss;
import dev.hone.record.SamplingMode;
import dev.hone.record.Snapshot;
import dev.hone.record.TokenizedChat;
import dev.hone.record.TrainingClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/** A trainer whose weight is one number that depends on every value it was ever given, and on their order. */
final class FakeTrainer implements TrainingClient {
    private final LongConsumer beforeStep;
    private double weight = 1;
    private double gradient;
    private long step;

    /** @param beforeStep may throw, to die before a step */
    FakeTrainer(LongConsumer beforeStep) {
        this.beforeStep = beforeStep;
    }

    double weight() {
        return weight;
    }

    @Override
    public Forward forward(List<Datum> data) {
        throw new UnsupportedOperationException("Fine-tuning does not ask for it");
    }

    @Override
    public Sharing sharing(List<Datum> data) {
        throw new UnsupportedOperationException("Fine-tuning does not ask for it");
    }

    @Override
    public Backward forwardBackward(List<Datum> data, Loss loss) {
        beforeStep.accept(step);
        double sum = 0;
        for (Datum datum : data) {
            for (int i = 0; i < datum.length(); i++) {
                sum = sum * 0.999 + datum.weights()[i] * Math.sin(weight * datum.tokens()[i] + datum.targets()[i]);
            }
        }
        gradient += sum;
        return new Backward(sum, List.of(), Map.of());
    }

    @Override
    public OptimStep optimStep(AdamParams params) {
        weight -= params.learningRate() * gradient;
        double norm = Math.abs(gradient);
        gradient = 0;
        return new OptimStep(++step, norm);
    }

    @Override
    public Snapshot snapshot(SamplingMode mode) {
        throw new UnsupportedOperationException("Fine-tuning does not ask for it");
    }

    @Override
    public Checkpoint save(Path folder) {
        try {
            Files.createDirectory(folder);
            Files.write(
                    folder.resolve("state"), new ArrayList<>(List.of(Double.toHexString(weight), Long.toString(step))));
            return new Checkpoint(folder, step);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void load(Checkpoint checkpoint) {
        try {
            List<String> state = Files.readAllLines(checkpoint.folder().resolve("state"));
            weight = Double.parseDouble(state.get(0));
            step = Long.parseLong(state.get(1));
            gradient = 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void export(Path folder) {
        throw new UnsupportedOperationException("Fine-tuning does not ask for it");
    }

    @Override
    public void close() {}

    static TokenizedChat example(int prompt, int answer, int from) {
        int[] tokens = new int[prompt + answer];
        Arrays.setAll(tokens, i -> from + i);
        boolean[] trained = new boolean[tokens.length];
        Arrays.fill(trained, prompt, tokens.length, true);
        return new TokenizedChat(tokens, trained, false);
    }
}
