package dev.hone.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.model.ModelConfig;
import dev.hone.model.ModelConfig.Architecture;
import dev.hone.model.ModelConfig.Rope;
import dev.hone.model.ModelConfig.Scaling;
import dev.hone.model.ModelFolder;
import dev.hone.model.Weights;
import dev.hone.record.AdamParams;
import dev.hone.record.Datum;
import dev.hone.record.Loss;
import dev.hone.record.Sample;
import dev.hone.record.SampleRequest;
import dev.hone.record.SamplingMode;
import dev.hone.record.SamplingParams;
import dev.hone.record.Snapshot;
import dev.hone.record.TrainingClient;
import dev.hone.record.TrainingClient.Checkpoint;
import dev.hone.sample.BatchLimits;
import dev.hone.train.WorkerException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real trainer in a real child process. */
@Timeout(300)
final class WorkerTrainingTest {
    private static final ModelConfig CONFIG = new ModelConfig(
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
            false,
            true);

    @TempDir
    Path folder;

    private Path model = Path.of("");

    @BeforeEach
    void writeModel() {
        model = folder.resolve("model");
        try (Weights weights = Weights.random(CONFIG, 7)) {
            ModelFolder.write(model, weights, List.of());
        }
    }

    @Test
    void requestsOfABatchComeAndGoAndFailTogetherWithTheirWorker() throws Exception {
        try (WorkerBatch batch = WorkerBatch.open(model, SamplingMode.EXACT, new BatchLimits(4, 4 * 512))) {
            Answer first = new Answer();
            Answer cancelled = new Answer();
            Answer bad = new Answer();
            SampleRequest request = new SampleRequest(new int[] {5}, 1, SamplingParams.greedy(200, List.of()));
            batch.submit(request, first);
            long number = batch.submit(request, cancelled);
            batch.submit(new SampleRequest(new int[] {61}, 1, SamplingParams.greedy(2, List.of())), bad);
            batch.cancel(number);
            assertEquals(200, first.end.get(60, TimeUnit.SECONDS).getFirst().tokens().length);
            assertEquals(200, first.drawn.get());
            ExecutionException refused =
                    assertThrows(ExecutionException.class, () -> bad.end.get(60, TimeUnit.SECONDS));
            assertEquals(Reason.BAD_INPUT, ((WorkerException) refused.getCause()).reason());
            assertTrue(!cancelled.end.isDone() && cancelled.drawn.get() < 200);

            Answer orphan = new Answer();
            SampleRequest endless = new SampleRequest(new int[] {5}, 4, SamplingParams.greedy(510, List.of()));
            batch.submit(endless, orphan);
            ProcessHandle.of(batch.pid()).orElseThrow().destroyForcibly();
            ExecutionException died =
                    assertThrows(ExecutionException.class, () -> orphan.end.get(60, TimeUnit.SECONDS));
            assertEquals(Reason.DIED, ((WorkerException) died.getCause()).reason());
            assertTrue(batch.isBroken());
            assertEquals(
                    Reason.DIED,
                    assertThrows(WorkerException.class, () -> batch.submit(request, new Answer()))
                            .reason());
        }
    }

    private static final class Answer implements WorkerBatch.Listener {
        private final AtomicInteger drawn = new AtomicInteger();
        private final CompletableFuture<List<Sample>> end = new CompletableFuture<>();

        @Override
        public void drawn(int index, int token, float logprob) {
            drawn.incrementAndGet();
        }

        @Override
        public void ended(List<Sample> samples) {
            end.complete(samples);
        }

        @Override
        public void failed(WorkerException reason) {
            end.completeExceptionally(reason);
        }
    }

    private TrainerSpec spec(Adaptation adaptation) {
        return new TrainerSpec(model, adaptation, 3, 64, false, Precision.FP32);
    }

    private static List<Datum> batch(int step) {
        Random random = new Random(step);
        List<Datum> rows = new ArrayList<>();
        for (int row = 0; row < 3; row++) {
            int length = 5 + random.nextInt(20);
            float[] weights = new float[length];
            Arrays.fill(weights, length / 2, length, 0.1f);
            rows.add(new Datum(
                    random.ints(length, 0, 61).toArray(),
                    random.ints(length, 0, 61).toArray(),
                    weights));
        }
        return rows;
    }

    private static double train(TrainingClient client, int from, int to) {
        double last = 0;
        for (int step = from; step < to; step++) {
            last = client.forwardBackward(batch(step), new Loss.CrossEntropy()).loss();
            client.optimStep(AdamParams.of(1e-2));
        }
        return last;
    }

    private static SampleRequest request() {
        return new SampleRequest(new int[] {1, 2, 3}, 2, new SamplingParams(12, 1, 0, 1, 0, List.of(), List.of(), 5));
    }

    @Test
    void aKilledWorkerGoesOnFromItsCheckpointBitEqual() throws Exception {
        for (Adaptation adaptation : List.of(new Adaptation.Lora(4, 8, 0.1), new Adaptation.Full())) {
            double expected;
            List<float[]> logprobs;
            try (TrainingClient whole = new TorchEngine().trainer(spec(adaptation))) {
                expected = train(whole, 0, 6);
                logprobs = whole.forward(batch(99)).logprobs();
            }
            Path saved = folder.resolve("saved-" + adaptation.getClass().getSimpleName());
            try (WorkerClient first = WorkerClient.open(spec(adaptation))) {
                train(first, 0, 3);
                first.save(saved);
                train(first, 3, 4);
                new ProcessBuilder("kill", "-9", Long.toString(first.pid()))
                        .start()
                        .waitFor();
                WorkerException e = assertThrows(WorkerException.class, () -> train(first, 4, 5));
                assertEquals(Reason.DIED, e.reason());
            }
            try (WorkerClient second = WorkerClient.open(spec(adaptation))) {
                second.load(new Checkpoint(saved, 3));
                assertEquals(expected, train(second, 3, 6));
                List<float[]> again = second.forward(batch(99)).logprobs();
                for (int i = 0; i < again.size(); i++) {
                    assertArrayEquals(logprobs.get(i), again.get(i), 0f);
                }
            }
        }
    }

    @Test
    void anExportedAdapterGeneratesAsTheTrainerDid() throws IOException {
        Path out = folder.resolve("out");
        List<Sample> trained;
        try (WorkerClient client = WorkerClient.open(spec(new Adaptation.Lora(4, 8, 0)))) {
            train(client, 0, 4);
            try (Snapshot snapshot = client.snapshot(SamplingMode.EXACT)) {
                assertEquals(4, snapshot.version());
                trained = snapshot.sample(List.of(request())).getFirst();
            }
            client.export(out);
            assertTrue(client.ceiling(new BlockShape(64, 64, 32, 128)).gigaflops() > 0);
        }
        assertEquals(CONFIG, StoredModel.config(out));
        String seen = out.relativize(model).toString();
        Files.write(out.resolve(StoredModel.ADAPTER_CONFIG), StoredModel.configuration(out, seen));
        assertEquals(Optional.of(model), StoredModel.below(out), "seen from the folder, wherever that is");
        try (Snapshot snapshot = WorkerSnapshot.open(out, SamplingMode.EXACT)) {
            List<Sample> loaded = snapshot.sample(List.of(request())).getFirst();
            for (int i = 0; i < trained.size(); i++) {
                assertArrayEquals(trained.get(i).tokens(), loaded.get(i).tokens());
                assertArrayEquals(trained.get(i).logprobs(), loaded.get(i).logprobs(), 1e-5f);
            }
        }
        try (Snapshot base = WorkerSnapshot.open(model, SamplingMode.EXACT)) {
            List<Sample> untrained = base.sample(List.of(request())).getFirst();
            assertTrue(trained.get(0).logprobs()[0] != untrained.get(0).logprobs()[0]);
        }
    }

    @Test
    void badDataAndMissingModelsAreTheUsersToMend() {
        try (WorkerClient client = WorkerClient.open(spec(new Adaptation.Lora(2, 4, 0)))) {
            Datum foreign = new Datum(new int[] {5000}, new int[] {1}, new float[] {1});
            WorkerException e = assertThrows(
                    WorkerException.class, () -> client.forwardBackward(List.of(foreign), new Loss.CrossEntropy()));
            assertEquals(Reason.BAD_INPUT, e.reason());
            assertTrue(e.getMessage().contains("[5000]"), e.getMessage());
        }
        TrainerSpec missing =
                new TrainerSpec(folder.resolve("nothing"), new Adaptation.Full(), 1, 64, false, Precision.FP32);
        WorkerException e = assertThrows(WorkerException.class, () -> WorkerClient.open(missing));
        assertEquals(Reason.BAD_INPUT, e.reason());
        assertTrue(e.getMessage().contains("nothing"), e.getMessage());
    }
}
