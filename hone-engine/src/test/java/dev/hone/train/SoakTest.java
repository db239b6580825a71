package dev.hone.train;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
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
import dev.hone.record.SampleRequest;
import dev.hone.record.SamplingMode;
import dev.hone.record.SamplingParams;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Resident memory of a worker over 500 steps and 5,000 generations of varying lengths, after as many to warm up: the largest of
 * the last fifth against the largest of the second. Ever new lengths leave gaps in the heap, which fill until about the 700th
 * step; what is in use, seen after each time that the heap was trimmed, may not grow from the beginning on. About ten minutes:
 * {@code mvn -Pslow -pl hone-engine -am test -Dtest=SoakTest}.
 */
@Tag("slow")
final class SoakTest {
    private static final int STEPS = 500;
    private static final int GENERATIONS = 5_000;
    private static final int STREAMS = 25;
    private static final int ROUNDS_OF_A_SNAPSHOT = 20;

    /** Half of what one leaked activation a step, 64 positions of the width, would add over the measured steps. */
    private static final long MOST_GROWTH = 10L << 20;

    private static final ModelConfig CONFIG = new ModelConfig(
            Architecture.LLAMA,
            4096,
            256,
            6,
            8,
            4,
            32,
            704,
            256,
            1e-5,
            new Rope(10_000, new Scaling.None()),
            true,
            false,
            false);

    @TempDir
    Path folder;

    private Path model() {
        Path model = folder.resolve("model");
        try (Weights weights = Weights.random(CONFIG, 7)) {
            ModelFolder.write(model, weights, List.of());
        }
        return model;
    }

    private static List<Datum> batch(Random random) {
        List<Datum> rows = new ArrayList<>();
        for (int row = 0; row < 4; row++) {
            int length = 16 + random.nextInt(112);
            float[] weights = new float[length];
            Arrays.fill(weights, length / 2, length, 0.01f);
            rows.add(new Datum(
                    random.ints(length, 0, CONFIG.vocabulary()).toArray(),
                    random.ints(length, 0, CONFIG.vocabulary()).toArray(),
                    weights));
        }
        return rows;
    }

    private static long residentBytes(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .findFirst()
                .orElseThrow();
    }

    private static void assertSteady(String what, long[] resident) {
        int fifth = resident.length / 5;
        long early = Arrays.stream(resident, fifth, 2 * fifth).max().orElseThrow();
        long late = Arrays.stream(resident, 4 * fifth, resident.length).max().orElseThrow();
        System.out.printf(
                "%s: resident %.1f MiB in the second fifth, %.1f MiB in the last%n",
                what, early / 1048576.0, late / 1048576.0);
        assertTrue(late - early < MOST_GROWTH, what + " grew from " + early + " to " + late + " bytes");
    }

    static Stream<Adaptation> adaptations() {
        return Stream.of(new Adaptation.Lora(16, 32, 0.1), new Adaptation.Full());
    }

    @ParameterizedTest
    @MethodSource("adaptations")
    void trainingDoesNotGrow(Adaptation adaptation) throws IOException {
        Random random = new Random(3);
        long[] resident = new long[2 * STEPS];
        try (WorkerClient client = WorkerClient.open(
                new TrainerSpec(model(), adaptation, 1, 256, adaptation instanceof Adaptation.Full, Precision.FP32))) {
            for (int step = 0; step < resident.length; step++) {
                client.forwardBackward(batch(random), new Loss.CrossEntropy());
                assertEquals(step + 1, client.optimStep(AdamParams.of(1e-4)).step());
                resident[step] = residentBytes(client.pid());
            }
        }
        long[] trimmed = IntStream.range(0, resident.length)
                .filter(step -> (step + 1) % Trainer.STEPS_BETWEEN_TRIMS == 0)
                .mapToLong(step -> resident[step])
                .toArray();
        assertAll(
                () -> assertSteady("in use, " + adaptation, trimmed),
                () -> assertSteady(
                        STEPS + " steps, " + adaptation, Arrays.copyOfRange(resident, STEPS, resident.length)));
    }

    @ParameterizedTest
    @EnumSource(SamplingMode.class)
    void generationDoesNotGrow(SamplingMode mode) throws IOException {
        TrainerSpec spec = new TrainerSpec(model(), new Adaptation.Lora(1, 1, 0), 1, 256, false, Precision.FP32);
        Random random = new Random(3);
        long[] resident = new long[2 * GENERATIONS / STREAMS];
        long[] trimmed = new long[resident.length / ROUNDS_OF_A_SNAPSHOT];
        try (WorkerClient client = WorkerClient.open(spec)) {
            for (int round = 0; round < resident.length; round += ROUNDS_OF_A_SNAPSHOT) {
                try (var snapshot = client.snapshot(mode)) {
                    for (int i = 0; i < ROUNDS_OF_A_SNAPSHOT; i++) {
                        long samples = snapshot.sample(requests(random)).stream()
                                .mapToLong(List::size)
                                .sum();
                        assertEquals(STREAMS, samples);
                        resident[round + i] = residentBytes(client.pid());
                    }
                }
                trimmed[round / ROUNDS_OF_A_SNAPSHOT] = residentBytes(client.pid());
            }
        }
        assertAll(
                () -> assertSteady("in use, " + mode, trimmed),
                () -> assertSteady(
                        GENERATIONS + " generations, " + mode,
                        Arrays.copyOfRange(resident, resident.length / 2, resident.length)));
    }

    /** Single samples and groups that share a prompt, plain and filtered, some with a token that ends them. */
    private static List<SampleRequest> requests(Random random) {
        List<SampleRequest> requests = new ArrayList<>();
        int left = STREAMS;
        while (left > 0) {
            boolean group = requests.size() % 2 == 1;
            int count = Math.min(left, group ? 4 : 1);
            int[] prompt =
                    random.ints(8 + random.nextInt(56), 0, CONFIG.vocabulary()).toArray();
            SamplingParams params = new SamplingParams(
                    8 + random.nextInt(24),
                    1,
                    random.nextBoolean() ? 50 : 0,
                    random.nextBoolean() ? 0.9 : 1,
                    random.nextBoolean() ? 0.01 : 0,
                    List.of(),
                    List.of(random.nextInt(CONFIG.vocabulary())),
                    random.nextInt());
            requests.add(new SampleRequest(prompt, count, params));
            left -= count;
        }
        return requests;
    }
}
