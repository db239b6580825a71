package dev.hone.run;

import dev.hone.algorithm.Checkpoints;
import dev.hone.algorithm.Sft;
import dev.hone.algorithm.Sft.Prepared;
import dev.hone.algorithm.SftListener;
import dev.hone.algorithm.SftRun;
import dev.hone.model.PrefixTree;
import dev.hone.record.Datum;
import dev.hone.record.TokenizedChat;
import dev.hone.task.ChatFile;
import dev.hone.train.BlockShape;
import dev.hone.train.MachineCeiling;
import dev.hone.train.MemoryEstimate;
import dev.hone.train.TrainerSpec;
import dev.hone.train.WorkerClient;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * One job of supervised fine-tuning: demonstrations and a base model in; a folder out that holds the adapter (or the whole
 * model), the tokenizer, {@code metrics.jsonl} and, last, the {@link Manifest}. Until then {@code checkpoints/} in the same
 * folder lets it be resumed.
 */
public final class TrainRun {
    static final String CHECKPOINTS = "checkpoints";
    private static final String METRICS = "metrics.jsonl";
    private static final int KEEP = 2;

    /** Of the matrix multiplication's ceiling, that training reaches on short rows. */
    private static final int COUNTED_STEPS = 20;

    private static final double EXPECTED_SHARE = 0.6;

    private final TrainOptions options;
    private final ChatFile data;
    private final LoadedModel model;
    private final String modelHash;
    private final Prepared prepared;
    private final int lastTurnOnly;
    private final Sft sft;

    /**
     * Turns the demonstrations into tokens.
     *
     * @throws IllegalArgumentException when no example is left, or a row cannot be rendered by the model's chat template
     */
    public TrainRun(TrainOptions options, ChatFile data, LoadedModel model) {
        this.options = options;
        this.data = data;
        this.model = model;
        modelHash = model.hash();
        List<TokenizedChat> examples =
                data.rows().stream().map(model::demonstration).toList();
        int most = Math.min(options.maxTokens(), model.config().maxPositions());
        prepared = Sft.prepare(examples, most, options.overLong());
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
                MemoryEstimate.training(model.config(), spec, longest),
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
        settings.put("model-sha256", modelHash);
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
        Path out = options.out();
        requireFree(out);
        Files.createDirectories(out);
        requireDisk(out);
        Checkpoints checkpoints = new Checkpoints(out.resolve(CHECKPOINTS), KEEP);
        try (WorkerClient trainer = WorkerClient.open(options.spec(model.weights()))) {
            SftRun run = new SftRun(sft, trainer, checkpoints, options.checkpointEvery(), settings());
            long from = options.resume() ? run.restore() : 0;
            MetricsFile metrics = new MetricsFile(out.resolve(METRICS), from);
            long steps = run.run(from, new Recording(metrics, listener), stop);
            if (steps < sft.steps()) {
                return Optional.empty();
            }
            export(trainer, out);
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
                            metrics.finalLoss(),
                            (System.nanoTime() - start) / 1e9,
                            trainer.peakMemoryBytes()),
                    Versions.current());
            manifest.write(out);
            checkpoints.clear();
            return Optional.of(manifest);
        }
    }

    private void requireMemory() {
        TrainForecast forecast = forecast();
        if (forecast.memoryBytes() > forecast.availableBytes()) {
            throw new IllegalArgumentException(
                    "Training needs about [%d MiB] of memory and [%d MiB] are available: give a smaller --micro-batch-tokens (now [%d]) or --max-tokens (now [%d]), --checkpointing, or a smaller model"
                            .formatted(
                                    forecast.memoryBytes() >> 20,
                                    forecast.availableBytes() >> 20,
                                    options.microBatchTokens(),
                                    options.maxTokens()));
        }
    }

    /** Never over another result in silence. */
    private void requireFree(Path out) throws IOException {
        if (Files.exists(out.resolve(Manifest.FILE))) {
            throw new IllegalArgumentException(
                    "[%s] holds a finished run: choose another --out, or remove it first".formatted(out));
        }
        boolean begun = begun(out);
        if (begun && !options.resume()) {
            throw new IllegalArgumentException(
                    "[%s] is not empty: go on with --resume, choose another --out, or remove it first".formatted(out));
        }
        if (!begun && options.resume()) {
            throw new IllegalArgumentException(
                    "There is no run to resume in [%s]: leave --resume out to begin one, or correct --out"
                            .formatted(out));
        }
    }

    /** Whether a run was begun in a folder, even if it was killed before its first checkpoint. */
    static boolean begun(Path out) throws IOException {
        if (!Files.isDirectory(out)) {
            return false;
        }
        try (Stream<Path> inside = Files.list(out)) {
            return inside.findAny().isPresent();
        }
    }

    /** Room for the checkpoints that are kept, the one being written, and the result. */
    private void requireDisk(Path out) throws IOException {
        long trained = MemoryEstimate.trained(model.config(), options.adaptation()) * Float.BYTES;
        long needed = trained * 3 * (KEEP + 1) + trained;
        FileStore store = Files.getFileStore(out);
        if (store.getUsableSpace() < needed) {
            throw new IllegalArgumentException(
                    "[%s] has [%d MiB] free, and checkpoints and result need about [%d MiB]: make room, or choose another --out"
                            .formatted(out, store.getUsableSpace() >> 20, needed >> 20));
        }
    }

    /** Writes the result aside, then moves it into place file by file; the manifest comes last and makes it count. */
    private void export(WorkerClient trainer, Path out) throws IOException {
        Path aside = out.resolve(".export");
        deleteFolder(aside);
        trainer.export(aside);
        model.writeCompanions(aside);
        try (Stream<Path> files = Files.list(aside)) {
            for (Path file : files.toList()) {
                Durable.publish(file, out.resolve(file.getFileName()));
            }
        }
        deleteFolder(aside);
    }

    private static void deleteFolder(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }

    /** Writes each step down before it tells the user. */
    private record Recording(MetricsFile metrics, SftListener listener) implements SftListener {
        @Override
        public void stepped(Step step) {
            metrics.append(step);
            listener.stepped(step);
        }

        @Override
        public void saved(Path folder, long step) {
            listener.saved(folder, step);
        }
    }
}
