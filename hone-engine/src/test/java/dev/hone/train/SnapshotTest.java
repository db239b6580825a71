package dev.hone.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.AdamParams;
import dev.hone.record.Datum;
import dev.hone.record.Loss;
import dev.hone.record.Sample;
import dev.hone.record.SampleRequest;
import dev.hone.record.SamplingMode;
import dev.hone.record.SamplingParams;
import dev.hone.record.Snapshot;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the sampler reports is what the trainer computes. */
class SnapshotTest {
    private static final double TOLERANCE = 1e-4;
    private static final int VOCABULARY = TinyModel.withEverything().vocabulary();

    static Stream<Adaptation> adaptations() {
        return Stream.of(new Adaptation.Lora(4, 8, 0), new Adaptation.Full());
    }

    @ParameterizedTest
    @MethodSource("adaptations")
    void logprobsEqualTheTrainersAfterTraining(Adaptation adaptation) {
        try (Trainer trainer = trainer(adaptation)) {
            train(trainer, 5);
            List<SampleRequest> requests = requests(6, 1.0);
            try (Snapshot snapshot = trainer.snapshot(SamplingMode.EXACT)) {
                assertEquals(5, snapshot.version());
                List<List<Sample>> samples = snapshot.sample(requests);
                double total = 0;
                int count = 0;
                for (int i = 0; i < requests.size(); i++) {
                    assertEquals(requests.get(i).count(), samples.get(i).size());
                    for (Sample sample : samples.get(i)) {
                        float[] trained = logprobs(trainer, requests.get(i).prompt(), sample.tokens());
                        for (int token = 0; token < sample.tokens().length; token++) {
                            assertEquals(trained[token], sample.logprobs()[token], TOLERANCE);
                            total += Math.abs(trained[token] - sample.logprobs()[token]);
                            count++;
                        }
                    }
                }
                assertTrue(count > 100 && total / count < 1e-5, "mean drift " + total / count + " over " + count);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("adaptations")
    void aSnapshotDoesNotChangeWhenTrainingGoesOn(Adaptation adaptation) {
        try (Trainer trainer = trainer(adaptation);
                Snapshot snapshot = trainer.snapshot(SamplingMode.EXACT)) {
            List<SampleRequest> requests = requests(3, 0);
            List<List<Sample>> before = snapshot.sample(requests);
            train(trainer, 3);
            assertSame(before, snapshot.sample(requests));
            try (Snapshot later = trainer.snapshot(SamplingMode.EXACT)) {
                assertTrue(
                        Math.abs(before.get(0).get(0).logprobs()[0]
                                        - later.sample(requests).get(0).get(0).logprobs()[0])
                                > 1e-3,
                        "training changed nothing");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("adaptations")
    void fastModeIsCloseToExact(Adaptation adaptation) {
        try (Trainer trainer = trainer(adaptation);
                Snapshot exact = trainer.snapshot(SamplingMode.EXACT);
                Snapshot fast = trainer.snapshot(SamplingMode.FAST)) {
            List<SampleRequest> requests = requests(8, 1.0);
            double divergence = 0;
            int count = 0;
            for (int i = 0; i < requests.size(); i++) {
                for (Sample sample : fast.sample(requests).get(i)) {
                    float[] trained = logprobs(trainer, requests.get(i).prompt(), sample.tokens());
                    for (int token = 0; token < trained.length; token++) {
                        divergence += sample.logprobs()[token] - trained[token];
                        count++;
                    }
                }
            }
            assertTrue(Math.abs(divergence / count) < 0.02, "KL of fast to exact is " + divergence / count);
            exact.sample(requests);
        }
    }

    private static Trainer trainer(Adaptation adaptation) {
        return TinyModel.trainer(
                TinyModel.withEverything(),
                new TrainerSpec(Path.of("tiny"), adaptation, 5, 200, false, Precision.FP32));
    }

    private static void train(Trainer trainer, int steps) {
        Random random = new Random(2);
        for (int step = 0; step < steps; step++) {
            int[] tokens = random.ints(20, 0, VOCABULARY).toArray();
            int[] targets = random.ints(20, 0, VOCABULARY).toArray();
            float[] weights = new float[20];
            Arrays.fill(weights, 0.05f);
            trainer.forwardBackward(List.of(new Datum(tokens, targets, weights)), new Loss.CrossEntropy());
            trainer.optimStep(AdamParams.of(0.02));
        }
    }

    /** Single samples and groups, prompts of one token and of many. */
    private static List<SampleRequest> requests(int count, double temperature) {
        Random random = new Random(9);
        return IntStream.range(0, count)
                .mapToObj(i -> new SampleRequest(
                        random.ints(1 + 7 * (i % 4), 0, VOCABULARY).toArray(),
                        1 + i % 3,
                        new SamplingParams(12, temperature, 0, 1, 0, List.of(), List.of(3), i)))
                .toList();
    }

    private static float[] logprobs(Trainer trainer, int[] prompt, int[] generated) {
        int[] sequence = new int[prompt.length + generated.length];
        System.arraycopy(prompt, 0, sequence, 0, prompt.length);
        System.arraycopy(generated, 0, sequence, prompt.length, generated.length);
        int[] tokens = Arrays.copyOf(sequence, sequence.length - 1);
        int[] targets = Arrays.copyOfRange(sequence, 1, sequence.length);
        float[] weights = new float[tokens.length];
        Arrays.fill(weights, prompt.length - 1, weights.length, 1);
        float[] all = trainer.forward(List.of(new Datum(tokens, targets, weights)))
                .logprobs()
                .getFirst();
        return Arrays.copyOfRange(all, prompt.length - 1, all.length);
    }

    private static void assertSame(List<List<Sample>> expected, List<List<Sample>> actual) {
        List<Sample> a = new ArrayList<>();
        expected.forEach(a::addAll);
        List<Sample> b = new ArrayList<>();
        actual.forEach(b::addAll);
        for (int i = 0; i < a.size(); i++) {
            assertArrayEquals(a.get(i).tokens(), b.get(i).tokens());
            assertArrayEquals(a.get(i).logprobs(), b.get(i).logprobs());
        }
    }
}
