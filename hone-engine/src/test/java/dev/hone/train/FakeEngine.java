package dev.hone.train;

import dev.hone.record.AdamParams;
import dev.hone.record.Datum;
import dev.hone.record.DecodeTime;
import dev.hone.record.Loss;
import dev.hone.record.Sample;
import dev.hone.record.SampleRequest;
import dev.hone.record.SamplingMode;
import dev.hone.record.Snapshot;
import dev.hone.record.TrainingClient;
import dev.hone.sample.Generator;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A worker's engine without libtorch: the first token of a forward pass says what happens to the process. */
final class FakeEngine implements WorkerServer.Engine {
    static final int SLEEP = 666;
    static final int EXHAUST_HEAP = 667;
    static final int BAD_DATUM = 668;
    static final int NULL_POINTER = 669;
    static final int PRINT_AND_EXIT = 670;
    static final int NATIVE_MEMORY = 671;

    /** Entry of the fake worker process. */
    public static void main(String[] arguments) throws Exception {
        WorkerServer.serve(Path.of(arguments[0]), new FakeEngine());
    }

    @Override
    public TrainingClient trainer(TrainerSpec spec) {
        if (spec.model().endsWith("missing")) {
            throw new IllegalArgumentException("There is no model at [" + spec.model() + "]");
        }
        return new FakeTrainer(spec);
    }

    @Override
    public Snapshot sampler(Path model, SamplingMode mode) {
        return new Counting(7);
    }

    @Override
    public MachineCeiling ceiling(BlockShape shape) {
        return new MachineCeiling(123.5, 200, 17);
    }

    @Override
    public Generator generator(Path model, SamplingMode mode) {
        throw new IllegalArgumentException("There is no libtorch here");
    }

    private static final class FakeTrainer implements TrainingClient {
        private final TrainerSpec spec;
        private long step;

        FakeTrainer(TrainerSpec spec) {
            this.spec = spec;
        }

        @Override
        public Forward forward(List<Datum> data) {
            List<float[]> logprobs = new ArrayList<>();
            for (Datum datum : data) {
                obey(datum.tokens()[0]);
                float[] values = datum.weights().clone();
                for (int i = 0; i < values.length; i++) {
                    values[i] *= -datum.targets()[i];
                }
                logprobs.add(values);
            }
            return new Forward(logprobs);
        }

        private static void obey(int order) {
            switch (order) {
                case SLEEP -> {
                    try {
                        Thread.sleep(600_000);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }
                case EXHAUST_HEAP -> {
                    List<long[]> hoard = new ArrayList<>();
                    while (true) {
                        hoard.add(new long[1 << 24]);
                    }
                }
                case BAD_DATUM -> throw new IllegalArgumentException("Token [668] is outside the vocabulary");
                case NULL_POINTER -> throw new NullPointerException("somewhere");
                case PRINT_AND_EXIT -> {
                    System.out.println("terminate called after throwing an instance");
                    System.exit(77);
                }
                case NATIVE_MEMORY ->
                    throw new RuntimeException("[enforce fail] DefaultCPUAllocator: can't allocate memory");
                default -> {}
            }
        }

        @Override
        public Backward forwardBackward(List<Datum> data, Loss loss) {
            return new Backward(data.size(), forward(data).logprobs(), Map.of("tokens", 3.0));
        }

        @Override
        public Sharing sharing(List<Datum> data) {
            return new Sharing(data.size(), 0.5, 2);
        }

        @Override
        public OptimStep optimStep(AdamParams params) {
            return new OptimStep(++step, params.learningRate());
        }

        @Override
        public Snapshot snapshot(SamplingMode mode) {
            return new Counting(step);
        }

        @Override
        public Checkpoint save(Path folder) {
            throw new UncheckedIOException(new FileSystemException(folder.toString(), null, "No space left on device"));
        }

        @Override
        public void load(Checkpoint checkpoint) {
            step = checkpoint.step();
        }

        @Override
        public void export(Path folder) {
            throw new IllegalArgumentException("exported rank " + ((Adaptation.Lora) spec.adaptation()).rank());
        }

        @Override
        public void close() {}
    }

    /** Continues every prompt by counting up from its last token. */
    private record Counting(long version) implements Snapshot {
        @Override
        public List<List<Sample>> sample(List<SampleRequest> requests, SampleListener listener) {
            List<List<Sample>> all = new ArrayList<>();
            for (int r = 0; r < requests.size(); r++) {
                SampleRequest request = requests.get(r);
                int count = request.params().maxTokens();
                int[] tokens = new int[count];
                for (int t = 0; t < count; t++) {
                    tokens[t] = request.prompt()[request.prompt().length - 1] + 1 + t;
                    listener.onToken(r, 0, tokens[t]);
                }
                all.add(List.of(new Sample(tokens, new float[count], Sample.StopReason.LENGTH)));
            }
            return all;
        }

        @Override
        public DecodeTime decodeTime() {
            return new DecodeTime(version, 2, 1);
        }

        @Override
        public void close() {}
    }
}
