package dev.hone.run;

import dev.hone.model.ModelConfig;
import dev.hone.record.AdamParams;
import dev.hone.record.Constraint;
import dev.hone.record.Datum;
import dev.hone.record.DecodeTime;
import dev.hone.record.Loss;
import dev.hone.record.SampleRequest;
import dev.hone.record.SamplingMode;
import dev.hone.record.SamplingParams;
import dev.hone.train.Adaptation;
import dev.hone.train.BlockShape;
import dev.hone.train.MachineCeiling;
import dev.hone.train.MemoryEstimate;
import dev.hone.train.TrainerSpec;
import dev.hone.train.WorkerClient;
import dev.hone.train.WorkerSnapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntConsumer;

/**
 * Speed of this machine on a model, on random tokens.
 *
 * @param schemaVersion of this record
 * @param what {@code train}, {@code sample} or {@code gemm}
 * @param tokensPerSecond positions trained or tokens generated, the median of the rounds; 0 for {@code gemm}
 * @param gemmGflops fp32 matrix multiplication on the model's shapes, measured in the same process before and after
 * @param bf16Gflops the same in bf16; 0 where the processor has too few instructions for it
 * @param gigabytesPerSecond read from memory, measured in the same process
 * @param shareOfCeiling floating-point operations of the linear layers, the head and (in training) the causal half of
 *     attention against {@code gemmGflops}, or {@code bf16Gflops} when training in bf16; when generating, the larger of that
 *     and the weights read against the bandwidth
 * @param maskShare of the time that drawing tokens took, how much went into what a constraint allows
 * @param peakMemoryBytes of the worker process; 0 for {@code gemm}
 * @param rounds that were measured, after one to warm up
 * @param versions what computed it
 */
public record Benchmark(
        int schemaVersion,
        String what,
        double tokensPerSecond,
        double gemmGflops,
        double bf16Gflops,
        double gigabytesPerSecond,
        double shareOfCeiling,
        double maskShare,
        long peakMemoryBytes,
        int rounds,
        Map<String, String> versions) {

    /**
     * What to train on.
     *
     * @param rows sequences of a step
     * @param rowTokens positions of a sequence; the second half of them is trained
     */
    public record Batch(int rows, int rowTokens) {
        public Batch {
            requirePositive("rows", rows);
            requirePositive("row-tokens", rowTokens);
        }

        List<Datum> random(ModelConfig config) {
            Random random = new Random(1);
            List<Datum> data = new ArrayList<>();
            for (int row = 0; row < rows; row++) {
                int[] tokens =
                        random.ints(rowTokens + 1, 0, config.vocabulary()).toArray();
                float[] weights = new float[rowTokens];
                Arrays.fill(weights, rowTokens / 2, rowTokens, 1f / rows / (rowTokens - rowTokens / 2));
                data.add(new Datum(
                        Arrays.copyOf(tokens, rowTokens), Arrays.copyOfRange(tokens, 1, rowTokens + 1), weights));
            }
            return data;
        }
    }

    /** Times steps of forward, backward and optimiser. */
    public static Benchmark train(LoadedModel model, TrainerSpec spec, Batch batch, int rounds, IntConsumer progress) {
        requirePositive("rounds", rounds);
        ModelConfig config = model.config();
        List<Datum> data = batch.random(config);
        long trained = data.stream().mapToLong(Datum::trained).sum();
        long positions = (long) batch.rows() * batch.rowTokens();
        try (WorkerClient client = WorkerClient.open(spec)) {
            MachineCeiling before = client.ceiling(BlockShape.of(config));
            double seconds = median(rounds, progress, () -> {
                client.forwardBackward(data, new Loss.CrossEntropy());
                client.optimStep(AdamParams.of(1e-4));
            });
            MachineCeiling ceiling = before.or(client.ceiling(BlockShape.of(config)));
            double operations = trainOperations(config, spec.adaptation(), positions, trained)
                    + batch.rows() * attentionOperations(config, batch.rowTokens());
            return of(
                    "train",
                    positions / seconds,
                    ceiling,
                    operations / seconds / 1e9 / ceiling.gigaflops(spec.precision()),
                    0,
                    client.peakMemoryBytes(),
                    rounds);
        }
    }

    /**
     * What to generate.
     *
     * @param streams samples at once
     * @param promptTokens of each
     * @param tokens of each, at most
     * @param constraint what a sample may be; a text that is complete under it ends
     */
    public record Streams(int streams, int promptTokens, int tokens, Constraint constraint) {
        public Streams {
            requirePositive("streams", streams);
            requirePositive("prompt-tokens", promptTokens);
            requirePositive("tokens", tokens);
        }

        /** @param round other samples in each, so that none finds what another left */
        List<SampleRequest> random(LoadedModel model, int round) {
            List<Integer> ends = constraint instanceof Constraint.None ? List.of() : model.endTokens();
            Random random = new Random(1);
            List<SampleRequest> requests = new ArrayList<>();
            for (int i = 0; i < streams; i++) {
                int[] prompt = random.ints(promptTokens, 0, model.config().vocabulary())
                        .toArray();
                long seed = (long) round * streams + i;
                SamplingParams params = new SamplingParams(tokens, 1, 0, 1, 0, List.of(), ends, seed);
                requests.add(new SampleRequest(prompt, 1, params, constraint));
            }
            return requests;
        }
    }

    /** Times generation at temperature 1 from random prompts; without a constraint nothing ends it. */
    public static Benchmark sample(
            LoadedModel model, SamplingMode mode, Streams streams, int rounds, IntConsumer progress) {
        requirePositive("rounds", rounds);
        ModelConfig config = model.config();
        try (WorkerSnapshot snapshot =
                model.sampler(mode, streams.streams(), streams.promptTokens() + streams.tokens())) {
            MachineCeiling before = snapshot.ceiling(BlockShape.of(config));
            List<Long> generated = new ArrayList<>();
            List<DecodeTime> times = new ArrayList<>();
            double seconds = median(rounds, progress, () -> {
                generated.add(snapshot.sample(streams.random(model, generated.size())).stream()
                        .mapToLong(list -> list.getFirst().tokens().length)
                        .sum());
                times.add(snapshot.decodeTime());
            });
            // The first round warms up.
            DecodeTime time = times.getLast().since(times.getFirst());
            double tokens = generated.stream()
                    .skip(1)
                    .mapToLong(count -> count)
                    .average()
                    .orElseThrow();
            MachineCeiling ceiling = before.or(snapshot.ceiling(BlockShape.of(config)));
            double weights = config.linearWeights() + config.headWeights();
            double computed = 2 * weights * tokens / seconds / 1e9 / ceiling.gigaflops();
            int bytes = mode == SamplingMode.EXACT ? Float.BYTES : 1;
            double read = bytes * weights * time.steps() / rounds / seconds / 1e9 / ceiling.gigabytesPerSecond();
            return of(
                    "sample",
                    tokens / seconds,
                    ceiling,
                    Math.max(computed, read),
                    time.maskShare(),
                    snapshot.peakMemoryBytes(),
                    rounds);
        }
    }

    /** Only the ceilings. */
    public static Benchmark gemm(LoadedModel model) {
        return of("gemm", 0, MachineCeiling.inWorker(BlockShape.of(model.config())), 1, 0, 0, 1);
    }

    private static Benchmark of(
            String what,
            double tokensPerSecond,
            MachineCeiling ceiling,
            double share,
            double maskShare,
            long memory,
            int rounds) {
        return new Benchmark(
                1,
                what,
                tokensPerSecond,
                ceiling.gigaflops(),
                ceiling.bf16Gigaflops(),
                ceiling.gigabytesPerSecond(),
                share,
                maskShare,
                memory,
                rounds,
                Versions.current());
    }

    private static void requirePositive(String option, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("--%s must be at least 1, not [%d]".formatted(option, value));
        }
    }

    private static double median(int rounds, IntConsumer progress, Runnable round) {
        round.run();
        double[] seconds = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            long start = System.nanoTime();
            round.run();
            seconds[i] = (System.nanoTime() - start) / 1e9;
            progress.accept(i + 1);
        }
        return median(seconds);
    }

    static double median(double[] values) {
        double[] sorted = Arrays.stream(values).sorted().toArray();
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    /** Two operations a weight and position forward, two for the gradient of the input, two for that of what is trained. */
    static double trainOperations(ModelConfig config, Adaptation adaptation, long positions, long trained) {
        double linear = config.linearWeights();
        double head = config.headWeights();
        return switch (adaptation) {
            case Adaptation.Lora lora ->
                positions * (4 * linear + 6.0 * MemoryEstimate.trained(config, lora)) + trained * 4 * head;
            case Adaptation.Full() -> positions * 6 * linear + trained * 6 * head;
        };
    }

    /** Six products of the causal half of a sequence's scores: two forward, four for the gradients. */
    static double attentionOperations(ModelConfig config, long length) {
        return 6.0 * config.layers() * config.queryWidth() * length * length;
    }
}
