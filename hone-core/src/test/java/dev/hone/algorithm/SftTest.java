package dev.hone.algorithm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.algorithm.Sft.Prepared;
import dev.hone.record.Datum;
import dev.hone.record.TokenizedChat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class SftTest {
    static SftPlan plan(double epochs, int batchTokens, long seed) {
        return new SftPlan(epochs, 1e-3, Schedule.COSINE, 0.1, batchTokens, 0, 1, seed);
    }

    @Test
    void aDatumPredictsTheNextTokenAndStopsAtTheLastTrainedOne() {
        TokenizedChat first = new TokenizedChat(
                new int[] {10, 11, 12, 13, 14}, new boolean[] {false, false, true, true, false}, false);
        TokenizedChat second = new TokenizedChat(new int[] {20, 21, 22}, new boolean[] {true, true, false}, false);
        Sft sft = new Sft(List.of(first, second), plan(1, 1000, 1));
        List<Datum> batch = new ArrayList<>(sft.batch(0));
        batch.sort((a, b) -> a.tokens()[0] - b.tokens()[0]);
        assertArrayEquals(new int[] {10, 11, 12}, batch.get(0).tokens());
        assertArrayEquals(new int[] {11, 12, 13}, batch.get(0).targets());
        assertArrayEquals(new float[] {0, 1 / 3f, 1 / 3f}, batch.get(0).weights());
        assertArrayEquals(new int[] {20}, batch.get(1).tokens());
        assertArrayEquals(new int[] {21}, batch.get(1).targets());
        assertArrayEquals(new float[] {1 / 3f}, batch.get(1).weights());
        assertEquals(4, sft.tokensPerEpoch());
    }

    @Property(tries = 200)
    void everyEpochShowsEveryExampleOnceInBatchesOfAboutEqualSize(
            @ForAll @Size(min = 1, max = 60) List<@IntRange(min = 1, max = 40) Integer> lengths,
            @ForAll @IntRange(min = 1, max = 300) int batchTokens,
            @ForAll long seed) {
        List<TokenizedChat> examples = new ArrayList<>();
        for (int length : lengths) {
            examples.add(FakeTrainer.example(1, length, 1000 * examples.size()));
        }
        Sft sft = new Sft(examples, plan(2, batchTokens, seed));
        assertEquals(2L * sft.batchesPerEpoch(), sft.steps());
        long share = sft.tokensPerEpoch() / sft.batchesPerEpoch();
        for (int epoch = 0; epoch < 2; epoch++) {
            List<Integer> seen = new ArrayList<>();
            for (int b = 0; b < sft.batchesPerEpoch(); b++) {
                List<Datum> batch = sft.batch((long) epoch * sft.batchesPerEpoch() + b);
                assertFalse(batch.isEmpty());
                double weight = 0;
                for (Datum datum : batch) {
                    seen.add(datum.tokens()[0] / 1000);
                    for (float w : datum.weights()) {
                        weight += w;
                    }
                }
                assertEquals(1, weight, 1e-5);
                if (batchTokens >= 80) {
                    long tokens = batch.stream().mapToLong(Datum::length).sum();
                    assertTrue(Math.abs(tokens - share) <= 41, tokens + " of about " + share);
                }
            }
            seen.sort(null);
            assertEquals(IntStream.range(0, lengths.size()).boxed().toList(), seen);
        }
    }

    @Test
    void aFractionOfAnEpochIsAPrefixOfItsSteps() {
        List<TokenizedChat> examples = IntStream.range(0, 40)
                .mapToObj(i -> FakeTrainer.example(1, 10, 1000 * i))
                .toList();
        Sft whole = new Sft(examples, plan(2, 40, 3));
        Sft part = new Sft(examples, plan(1.5, 40, 3));
        assertEquals(whole.steps() * 3 / 4, part.steps());
        for (long step = 0; step < part.steps(); step++) {
            assertArrayEquals(whole.rows(step), part.rows(step));
        }
        assertEquals(1, new Sft(examples, plan(0.001, 40, 3)).steps());
        assertThrows(IllegalArgumentException.class, () -> plan(0, 40, 3));
        assertThrows(IllegalArgumentException.class, () -> plan(Double.NaN, 40, 3));
    }

    @Test
    void epochsAndSeedsDifferInOrderAndRepeatExactly() {
        List<TokenizedChat> examples = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            examples.add(FakeTrainer.example(1, 4, 1000 * i));
        }
        Sft one = new Sft(examples, plan(2, 1000, 1));
        assertFalse(Arrays.equals(one.rows(0), one.rows(1)));
        assertFalse(Arrays.equals(one.rows(0), new Sft(examples, plan(2, 1000, 2)).rows(0)));
        assertArrayEquals(one.rows(1), new Sft(examples, plan(2, 1000, 1)).rows(1));
    }

    @Test
    void overLongExamplesAreCutOrLeftOutAndCounted() {
        List<TokenizedChat> all = List.of(
                FakeTrainer.example(2, 2, 0),
                FakeTrainer.example(2, 6, 0),
                FakeTrainer.example(6, 2, 0),
                FakeTrainer.example(3, 0, 0));
        Prepared cut = Sft.prepare(all, 5, OverLong.TRUNCATE);
        assertEquals(
                List.of(4, 5),
                cut.examples().stream().map(e -> e.tokens().length).toList());
        assertEquals(1, cut.truncated());
        assertEquals(2, cut.untrained());
        Prepared dropped = Sft.prepare(all, 5, OverLong.DROP);
        assertEquals(1, dropped.examples().size());
        assertEquals(2, dropped.dropped());
        assertEquals(1, dropped.untrained());
        assertThrows(IllegalArgumentException.class, () -> new Sft(List.of(), plan(1, 10, 1)));
    }

    /** Values of transformers' get_linear_schedule_with_warmup and get_cosine_schedule_with_warmup, by their formulas. */
    @Test
    void schedulesFollowTheirFormulas() {
        assertEquals(0, Schedule.COSINE.factor(0, 2, 10));
        assertEquals(0.5, Schedule.LINEAR.factor(1, 2, 10));
        assertEquals(1, Schedule.CONSTANT.factor(9, 2, 10));
        assertEquals(0.5, Schedule.LINEAR.factor(6, 2, 10));
        assertEquals(0.125, Schedule.LINEAR.factor(9, 2, 10));
        assertEquals(0.5, Schedule.COSINE.factor(6, 2, 10), 1e-12);
        assertEquals(0.038060233744356624, Schedule.COSINE.factor(9, 2, 10), 1e-12);
        assertEquals(1, Schedule.COSINE.factor(0, 0, 1));
    }
}
