package dev.hone.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.SampleRequest;
import dev.hone.record.SamplingParams;
import dev.hone.tensor.HostArrays;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenDrawTest {
    private static final int SIZE = 3_000;

    private static Row row(SamplingParams params) {
        return new Row(new Group(0, new SampleRequest(new int[] {1}, 1, params), null), 0, 100);
    }

    private static SamplingParams params(double temperature, int topK, double topP, double minP, long seed) {
        return new SamplingParams(1, temperature, topK, topP, minP, List.of(), List.of(), seed);
    }

    private static TokenDraw draw(List<Row> rows, float[]... logits) {
        float[] all = new float[logits.length * logits[0].length];
        for (int i = 0; i < logits.length; i++) {
            System.arraycopy(logits[i], 0, all, i * logits[0].length, logits[0].length);
        }
        try (PointerScope scope = new PointerScope()) {
            return TokenDraw.of(HostArrays.floats(all).view(logits.length, logits[0].length), rows);
        }
    }

    private static float[] skewed(Random random, int size) {
        float[] logits = new float[size];
        for (int i = 0; i < size; i++) {
            logits[i] = (float) (3 * random.nextGaussian());
        }
        return logits;
    }

    /** Probabilities by the definition, in double precision. */
    private static double[] softmax(float[] logits, double temperature) {
        double most = Float.NEGATIVE_INFINITY;
        for (float logit : logits) {
            most = Math.max(most, logit);
        }
        double[] result = new double[logits.length];
        double sum = 0;
        for (int i = 0; i < result.length; i++) {
            result[i] = Math.exp((logits[i] - most) / temperature);
            sum += result[i];
        }
        for (int i = 0; i < result.length; i++) {
            result[i] /= sum;
        }
        return result;
    }

    @ParameterizedTest
    @CsvSource({"1", "0.7", "1.5"})
    void drawsFollowTheDistribution(double temperature) {
        float[] logits = skewed(new Random(3), 40);
        double[] expected = softmax(logits, temperature);
        int[] counts = new int[logits.length];
        int draws = 20_000;
        List<Row> rows = new ArrayList<>();
        float[][] same = new float[draws][];
        for (int i = 0; i < draws; i++) {
            rows.add(row(params(temperature, 0, 1, 0, i)));
            same[i] = logits;
        }
        TokenDraw drawn = draw(rows, same);
        for (int i = 0; i < draws; i++) {
            int token = drawn.tokens()[i];
            counts[token]++;
            assertEquals(Math.log(expected[token]), drawn.logprobs()[i], 1e-5);
        }
        double chiSquare = 0;
        for (int i = 0; i < counts.length; i++) {
            chiSquare += Math.pow(counts[i] - expected[i] * draws, 2) / (expected[i] * draws);
        }
        // 99.9th percentile for 39 degrees of freedom.
        assertTrue(chiSquare < 72.1, "chi-square " + chiSquare);
    }

    @Test
    void aRowDrawsTheSameAloneAndBesideOthers() {
        Random random = new Random(5);
        List<SamplingParams> all = List.of(
                params(1, 0, 1, 0, 1),
                params(0, 0, 1, 0, 2),
                params(0.6, 0, 1, 0, 3),
                params(1, 20, 1, 0, 4),
                params(1.2, 0, 0.8, 0.01, 5));
        float[][] logits = new float[all.size()][];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = skewed(random, SIZE);
        }
        TokenDraw together = draw(all.stream().map(TokenDrawTest::row).toList(), logits);
        for (int i = 0; i < logits.length; i++) {
            TokenDraw alone = draw(List.of(row(all.get(i))), new float[][] {logits[i]});
            assertEquals(alone.tokens()[0], together.tokens()[i]);
            assertArrayEquals(new float[] {alone.logprobs()[0]}, new float[] {together.logprobs()[i]}, "row " + i);
        }
    }

    @Test
    void temperatureZeroTakesTheFirstOfTheMostProbable() {
        assertEquals(
                1,
                draw(List.of(row(params(0, 0, 1, 0, 9))), new float[] {-2, 1, -2, 1})
                        .tokens()[0]);
    }

    @Test
    void aTokenOfProbabilityZeroIsNeverDrawn() {
        float[] logits = new float[200];
        Arrays.fill(logits, Float.NEGATIVE_INFINITY);
        logits[100] = 1;
        logits[102] = 1;
        for (int seed = 0; seed < 200; seed++) {
            int token = draw(List.of(row(params(1, 0, 1, 0, seed))), logits).tokens()[0];
            assertTrue(token == 100 || token == 102, "drew " + token);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 1, 0", "1, 0, 1, 0", "1, 5, 1, 0", "1, 0, 0.9, 0", "1, 0, 1, 0.1"})
    @Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
    void scoresThatAreNoNumbersAreRefused(double temperature, int topK, double topP, double minP) {
        for (float broken : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            float[] logits = new float[20];
            Arrays.fill(logits, broken);
            List<Row> rows = List.of(row(params(temperature, topK, topP, minP, 1)));
            String message = assertThrows(ArithmeticException.class, () -> draw(rows, logits))
                    .getMessage();
            assertTrue(message.contains("are no numbers"), message);
        }
    }
}
