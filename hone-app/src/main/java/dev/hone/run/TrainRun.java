package dev.hone.run;

import dev.hone.algorithm.Sft;
import dev.hone.algorithm.Sft.Prepared;
import dev.hone.algorithm.SftListener;
import dev.hone.algorithm.SftRun;
import dev.hone.model.PrefixTree;
import dev.hone.record.Datum;
import dev.hone.record.TokenizedChat;
import dev.hone.task.ChatFile;
import dev.hone.train.Adaptation;
import dev.hone.train.BlockShape;
import dev.hone.train.MachineCeiling;
import dev.hone.train.MemoryEstimate;
import dev.hone.train.TrainerSpec;
import dev.hone.train.WorkerClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * One job of supervised fine-tuning: demonstrations and a base model in; a folder out that holds the adapter (or the whole
 * model), the tokenizer, {@code metrics.jsonl} and the {@link Manifest}. Until then it can be resumed.
 */
public final class TrainRun {
    private static final int COUNTED_STEPS = 20;

    /** Of the matrix multiplication's ceiling, that training reaches on short rows. */
    private static final double EXPECTED_SHARE = 0.6;

    private final TrainOptions options;
    private final ChatFile data;
    private final LoadedModel model;
    private final String modelHash;
    private final Prepared prepared;
    private final int lastTurnOnly;
    private final Sft sft;

    /**
     * Decides what of the demonstrations is learned from.
     *
     * @param demonstrations with the tokens that the model makes of them
     * @throws IllegalArgumentException when no example is left
     */
    public TrainRun(TrainOptions options, ChatFile.Mapped<TokenizedChat> demonstrations, LoadedModel model) {
        this.options = options;
        this.data = demonstrations.file();
        this.model = model;
        modelHash = model.hash();
        int most = Math.min(options.maxTokens(), model.config().maxPositions());
        prepared = Sft.prepare(demonstrations.values(), most, options.overLong());
        if (prepared.examples().isEmpty()) {
            throw new IllegalArgumentException(
                    "No example is left to train on: [%d] too long (--max-tokens %d), [%d] with nothing to learn"
                            .formatted(prepared.dropped(), most, prepared.untrained()));
        }
        lastTurnOnly = Math.toIntExact(
                prepared.examples().stream().filter(TokenizedChat::lastTurnOnly).count());
        sft = new Sft(prepared.examples(), options.plan());
    }

    /** What this job will be. */
    public TrainForecast forecast() {
        TrainerSpec spec = options.spec(model.weights());
        int longest = prepared.examples().stream()
                .mapToInt(example -> example.tokens().length)
                .max()
                .orElse(0);
        return new TrainForecast(
                settings(),
                prepared.examples().size(),
                data.bad().size(),
                prepared.truncated(),
                prepared.dropped(),
                prepared.untrained(),
                lastTurnOnly,
                sft.tokensPerEpoch(),
                computedPerEpoch(),
                sft.steps(),
                MemoryEstimate.trained(model.config(), spec.adaptation()),
                MemoryEstimate.training(
                        model.config(), spec, longest, (long) options.plan().batchTokens() + longest),
                Machine.availableMemoryBytes(),
                null);
    }

    /** As {@link #forecast}, with the time, for which the machine is measured: takes a few seconds. */
    public TrainForecast timedForecast() {
        TrainForecast forecast = forecast();
        MachineCeiling ceiling = MachineCeiling.inWorker(BlockShape.of(model.config()));
        long trained = prepared.examples().stream()
                .mapToLong(TokenizedChat::trainedTokens)
                .sum();
        double operations = options.plan().epochs()
                * Benchmark.trainOperations(model.config(), options.adaptation(), forecast.computedPerEpoch(), trained);
        return forecast.withSeconds(operations / (EXPECTED_SHARE * ceiling.gigaflops(options.precision()) * 1e9));
    }

    /** Positions of an epoch, beginnings that rows of a step have in common counted once: estimated from its first steps. */
    private long computedPerEpoch() {
        long computed = 0;
        long tokens = 0;
        for (int step = 0; step < Math.min(sft.steps(), COUNTED_STEPS); step++) {
            List<int[]> rows = sft.batch(step).stream().map(Datum::tokens).toList();
            computed += PrefixTree.of(rows).tokens().length;
            tokens += rows.stream().mapToInt(row -> row.length).sum();
        }
        return Math.round((double) sft.tokensPerEpoch() * computed / tokens);
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>(options.settings());
        settings.put(Manifest.MODEL_HASH, modelHash);
        settings.put("data-sha256", data.sha256());
        settings.put("examples", Integer.toString(prepared.examples().size()));
        return settings;
    }

    /**
     * Trains, or goes on training.
     *
     * @param stop asked between steps; once true, a checkpoint is left
     * @return empty when it was stopped before the end
     * @throws IllegalArgumentException when the folder holds another run, or the model will not fit into memory
     * @throws IOException when the folder cannot be written
     */
    public Optional<Manifest> run(SftListener listener, BooleanSupplier stop) throws IOException {
        long start = System.nanoTime();
        requireMemory();
        RunFolder out = new RunFolder(options.out());
        out.open(options.resume(), model.config(), options.adaptation());
        try (WorkerClient trainer = WorkerClient.open(options.spec(model.weights()))) {
            SftRun run = new SftRun(sft, trainer, out.checkpoints(), options.checkpointEvery(), settings());
            long from = options.resume() ? run.restore() : 0;
            MetricsFile metrics = new MetricsFile(out.metrics(), from);
            long steps = run.run(from, new Recording(metrics, listener), stop);
            if (steps < sft.steps()) {
                return Optional.empty();
            }
            out.export(trainer, model);
            options.taught().write(options.out());
            Manifest manifest = new Manifest(
                    Manifest.SCHEMA,
                    options.model(),
                    data.sha256(),
                    prepared.examples().size(),
                    settings(),
                    new Manifest.Training(
                            steps,
                            options.plan().epochs(),
                            metrics.tokens(),
                            metrics.tokensPerSecond(),
                            metrics.last("loss"),
                            (System.nanoTime() - start) / 1e9,
                            null,
                            trainer.peakMemoryBytes()),
                    Versions.current());
            out.finish(manifest);
            return Optional.of(manifest);
        }
    }

    private void requireMemory() {
        TrainForecast forecast = forecast();
        if (forecast.memoryBytes() > forecast.availableBytes()) {
            throw new IllegalArgumentException(
                    "Training needs about [%d MiB] of memory and [%d MiB] are available: give a smaller --micro-batch-tokens (now [%d]) or --max-tokens (now [%d]), --checkpointing, %s, or a smaller model"
                            .formatted(
                                    forecast.memoryBytes() >> 20,
                                    forecast.availableBytes() >> 20,
                                    options.microBatchTokens(),
                                    options.maxTokens(),
                                    switch (options.adaptation()) {
                                        case Adaptation.Lora lora ->
                                            "a smaller --lora-rank (now [%d])".formatted(lora.rank());
                                        case Adaptation.Full() -> "an adapter instead of --full";
                                    }));
        }
    }

    /** Writes each step down before it tells the user. */
    private record Recording(MetricsFile metrics, SftListener listener) implements SftListener {
        @Override
        public void stepped(Step step) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("step", step.step());
            line.put("epoch", step.epoch());
            line.put("loss", step.loss());
            line.put("gradientNorm", step.gradientNorm());
            line.put("learningRate", step.learningRate());
            line.put("tokens", step.tokens());
            line.put("trainedTokens", step.trainedTokens());
            line.put("seconds", step.elapsed().toNanos() / 1e9);
            metrics.append(line);
            listener.stepped(step);
        }

        @Override
        public void saved(Path folder, long step) {
            listener.saved(folder, step);
        }
    }
}
