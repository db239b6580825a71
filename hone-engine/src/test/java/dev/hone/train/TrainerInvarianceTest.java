package dev.hone.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.model.ModelConfig;
import dev.hone.record.AdamParams;
import dev.hone.record.Datum;
import dev.hone.record.Loss;
import dev.hone.tensor.HostArrays;
import dev.hone.tensor.Operators;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** However a batch is cut, packed, recomputed or ordered, its loss and gradients are the same. */
class TrainerInvarianceTest {
    private static final double TOLERANCE = 1e-5;
    private static final double MEAN_DRIFT = 1e-6;

    private static final ModelConfig CONFIG = TinyModel.withEverything();

    static Stream<Adaptation> adaptations() {
        return Stream.of(new Adaptation.Lora(4, 8, 0), new Adaptation.Full());
    }

    @ParameterizedTest
    @MethodSource("adaptations")
    void aBatchEqualsItsRowsOneByOne(Adaptation adaptation) {
        List<Datum> rows = rows(8);
        Gradients together = gradients(spec(adaptation, 1_000, false), List.of(rows));
        Gradients oneByOne = gradients(
                spec(adaptation, 1_000, false), rows.stream().map(List::of).toList());
        Gradients unpacked = gradients(spec(adaptation, 1, false), List.of(rows));
        assertSame(together, oneByOne);
        assertSame(together, unpacked);
    }

    @ParameterizedTest
    @MethodSource("adaptations")
    void beginningsInCommonAreComputedOnceWithTheSameGradients(Adaptation adaptation) {
        List<Datum> family = family();
        Gradients shared = gradients(spec(adaptation, 1_000, false), List.of(family));
        assertSame(
                gradients(
                        spec(adaptation, 1_000, false),
                        family.stream().map(List::of).toList()),
                shared);
        assertSame(shared, gradients(spec(adaptation, 1_000, true), List.of(family)));
        assertSame(shared, gradients(spec(adaptation, 30, false), List.of(family)));
    }

    @Test
    void beginningsInCommonHaveTheSameLogprobs() {
        List<Datum> family = family();
        try (Trainer trainer = TinyModel.trainer(CONFIG, spec(new Adaptation.Full(), 1_000, false))) {
            List<float[]> together = trainer.forward(family).logprobs();
            for (int i = 0; i < family.size(); i++) {
                float[] alone =
                        trainer.forward(List.of(family.get(i))).logprobs().getFirst();
                assertArrayEquals(alone, together.get(i), 1e-5f);
            }
        }
    }

    /** A tree: most begin alike, some of them for longer, one is the beginning of another, two are equal, one is alone. */
    private static List<Datum> family() {
        Random random = new Random(8);
        Datum root = row(random, 12);
        Datum branch = following(random, root, 12, 9);
        return List.of(
                following(random, branch, 21, 5),
                row(random, 10),
                following(random, root, 12, 6),
                following(random, branch, 21, 3),
                branch,
                following(random, branch, 15, 4),
                following(random, root, 12, 2),
                branch,
                root);
    }

    /** A row that begins like another. */
    private static Datum following(Random random, Datum other, int common, int more) {
        Datum own = row(random, common + more);
        System.arraycopy(other.tokens(), 0, own.tokens(), 0, common);
        return own;
    }

    @ParameterizedTest
    @MethodSource("adaptations")
    void recomputedBlocksGiveTheSameGradients(Adaptation adaptation) {
        List<Datum> rows = rows(5);
        assertSame(
                gradients(spec(adaptation, 1_000, false), List.of(rows)),
                gradients(spec(adaptation, 1_000, true), List.of(rows)));
    }

    @ParameterizedTest
    @MethodSource("adaptations")
    void theOrderOfTheRowsDoesNotMatter(Adaptation adaptation) {
        List<Datum> rows = rows(6);
        assertSame(
                gradients(spec(adaptation, 40, false), List.of(rows)),
                gradients(spec(adaptation, 40, false), List.of(rows.reversed())));
    }

    @ParameterizedTest
    @MethodSource("adaptations")
    void theLossHeadsChunksDoNotMatter(Adaptation adaptation) {
        // More trained positions than a chunk of either head, and not a multiple of it.
        Datum one = row(new Random(3), 300);
        List<Datum> rows = List.of(one, row(new Random(4), 131));
        Gradients chunked = gradients(spec(adaptation, 1_000, false), List.of(rows));
        List<List<Datum>> pieces = new ArrayList<>();
        for (Datum row : rows) {
            for (int start = 0; start < row.length(); start += 17) {
                float[] weights = new float[row.length()];
                int end = Math.min(row.length(), start + 17);
                System.arraycopy(row.weights(), start, weights, start, end - start);
                pieces.add(List.of(new Datum(row.tokens(), row.targets(), weights)));
            }
        }
        assertSame(chunked, gradients(spec(adaptation, 1_000, false), pieces));
    }

    @ParameterizedTest
    @MethodSource("adaptations")
    void dropoutMasksDependOnTheirPlaceAlone(Adaptation adaptation) {
        Adaptation dropped = switch (adaptation) {
            case Adaptation.Lora lora -> new Adaptation.Lora(lora.rank(), lora.alpha(), 0.3);
            case Adaptation.Full full -> full;
        };
        List<Datum> rows = rows(4);
        Gradients kept = gradients(spec(dropped, 1_000, false), List.of(rows));
        assertSame(kept, gradients(spec(dropped, 1_000, true), List.of(rows)));
        if (adaptation instanceof Adaptation.Lora) {
            Gradients undropped = gradients(spec(adaptation, 1_000, false), List.of(rows));
            assertTrue(distance(kept.values(), undropped.values()) > TOLERANCE, "dropout changed nothing");
        }
    }

    @ParameterizedTest
    @MethodSource("adaptations")
    void aLearningRateOfZeroLeavesTheWeights(Adaptation adaptation) {
        try (Trainer trainer = TinyModel.trainer(CONFIG, spec(adaptation, 100, false))) {
            float[] before = HostArrays.toFloats(trainer.parameters().state().get("values"));
            trainer.forwardBackward(rows(3), new Loss.CrossEntropy());
            trainer.optimStep(AdamParams.of(0));
            float[] after = HostArrays.toFloats(trainer.parameters().state().get("values"));
            assertEquals(0, distance(before, after));
        }
    }

    @ParameterizedTest
    @MethodSource("adaptations")
    void positionsWithoutWeightAreNotTrained(Adaptation adaptation) {
        Datum row = row(new Random(5), 12);
        int[] otherTargets = row.targets().clone();
        float[] weights = row.weights().clone();
        weights[4] = 0;
        otherTargets[4] = (otherTargets[4] + 1) % CONFIG.vocabulary();
        assertSame(
                gradients(
                        spec(adaptation, 100, false),
                        List.of(List.of(new Datum(row.tokens(), row.targets(), weights)))),
                gradients(
                        spec(adaptation, 100, false),
                        List.of(List.of(new Datum(row.tokens(), otherTargets, weights)))));
    }

    @Test
    void bf16RoundsWhereTheProcessorHasItAndIsRefusedElsewhere() {
        TrainerSpec exact = spec(new Adaptation.Lora(4, 8, 0), 1_000, false);
        TrainerSpec rounded = new TrainerSpec(exact.model(), exact.adaptation(), 5, 1_000, false, Precision.BF16);
        List<List<Datum>> rows = List.of(rows(8));
        if (!Operators.multipliesBf16()) {
            String message = assertThrows(IllegalArgumentException.class, () -> gradients(rounded, rows))
                    .getMessage();
            assertTrue(message.contains("[bf16] needs a processor"), message);
            return;
        }
        Gradients expected = gradients(exact, rows);
        Gradients actual = gradients(rounded, rows);
        assertEquals(expected.loss(), actual.loss(), 0.01 * expected.loss());
        double difference = 0;
        double size = 0;
        for (int i = 0; i < expected.values().length; i++) {
            difference += Math.pow(expected.values()[i] - actual.values()[i], 2);
            size += Math.pow(expected.values()[i], 2);
        }
        double relative = Math.sqrt(difference / size);
        assertTrue(relative > 1e-4, "bf16 changed nothing: " + relative);
        assertTrue(relative < 0.05, "bf16 gradients are off by " + relative);
    }

    @Test
    void bf16IsRefusedWhereNothingIsFrozen() {
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> new TrainerSpec(Path.of("tiny"), new Adaptation.Full(), 5, 1, false, Precision.BF16))
                .getMessage();
        assertTrue(message.contains("--full"), message);
    }

    private record Gradients(double loss, float[] values) {}

    private static Gradients gradients(TrainerSpec spec, List<List<Datum>> calls) {
        try (Trainer trainer = TinyModel.trainer(CONFIG, spec)) {
            // Away from the start, where half of the adapters' gradients are zero.
            Random random = new Random(11);
            trainer.parameters().all().values().forEach(parameter -> {
                float[] noise = new float[Math.toIntExact(parameter.value().numel())];
                for (int i = 0; i < noise.length; i++) {
                    noise[i] = (float) (random.nextGaussian() * 0.05);
                }
                parameter
                        .value()
                        .add_(HostArrays.floats(noise).view(parameter.value().shape()));
            });
            double loss = 0;
            for (List<Datum> call : calls) {
                loss += trainer.forwardBackward(call, new Loss.CrossEntropy()).loss();
            }
            return new Gradients(loss, HostArrays.toFloats(trainer.parameters().gradients()));
        }
    }

    private static void assertSame(Gradients expected, Gradients actual) {
        assertEquals(expected.loss(), actual.loss(), TOLERANCE);
        assertTrue(
                distance(expected.values(), actual.values()) <= TOLERANCE,
                "gradients differ by " + distance(expected.values(), actual.values()));
        double drift = 0;
        for (int i = 0; i < expected.values().length; i++) {
            drift += Math.abs(expected.values()[i] - actual.values()[i]);
        }
        assertTrue(drift / expected.values().length <= MEAN_DRIFT, "gradients drift");
    }

    private static double distance(float[] a, float[] b) {
        assertEquals(a.length, b.length);
        double most = 0;
        for (int i = 0; i < a.length; i++) {
            most = Math.max(most, Math.abs(a[i] - b[i]));
        }
        return most;
    }

    private static TrainerSpec spec(Adaptation adaptation, int microBatchTokens, boolean checkpointing) {
        return new TrainerSpec(Path.of("tiny"), adaptation, 5, microBatchTokens, checkpointing, Precision.FP32);
    }

    private static List<Datum> rows(int count) {
        Random random = new Random(1);
        return Stream.generate(() -> row(random, 3 + random.nextInt(20)))
                .limit(count)
                .toList();
    }

    private static Datum row(Random random, int length) {
        int[] tokens = random.ints(length, 0, CONFIG.vocabulary()).toArray();
        int[] targets = random.ints(length, 0, CONFIG.vocabulary()).toArray();
        float[] weights = new float[length];
        for (int i = 0; i < length; i++) {
            weights[i] = i == 0 ? 0 : (1 + random.nextFloat()) / 50;
        }
        return new Datum(tokens, targets, weights);
    }
}
