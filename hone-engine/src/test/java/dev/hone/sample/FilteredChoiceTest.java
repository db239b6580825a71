package dev.hone.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.SamplingParams;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilteredChoiceTest {
    private static final int SIZE = 500;

    @ParameterizedTest
    @CsvSource({
        "0, 1, 0",
        "7, 1, 0",
        "0, 0.9, 0",
        "0, 0.35, 0",
        "0, 1, 0.05",
        "20, 0.8, 0.02",
        "1, 1, 0",
        "0, 0.999999, 0",
        "600, 1, 0"
    })
    void drawsFollowTheFilteredDistribution(int topK, double topP, double minP) {
        float[] probabilities = skewed(new Random(topK + 31));
        SamplingParams params = params(1, topK, topP, minP);
        Map<Integer, Double> expected = reference(probabilities, params);
        // A grid of equally spaced draws: every token gets its share of it, to one draw.
        int draws = 200_000;
        Map<Integer, Integer> counts = new HashMap<>();
        for (int i = 0; i < draws; i++) {
            counts.merge(FilteredChoice.choose(probabilities, params, (i + 0.5) / draws), 1, Integer::sum);
        }
        assertTrue(expected.keySet().containsAll(counts.keySet()), "drew a token that is filtered out");
        expected.forEach((token, share) -> assertEquals(share * draws, counts.getOrDefault(token, 0), 1.5));
    }

    private static SamplingParams params(double temperature, int topK, double topP, double minP) {
        return new SamplingParams(1, temperature, topK, topP, minP, List.of(), List.of(), 0);
    }

    private static float[] skewed(Random random) {
        float[] probabilities = new float[SIZE];
        double sum = 0;
        for (int i = 0; i < SIZE; i++) {
            probabilities[i] = (float) Math.exp(3 * random.nextGaussian());
            sum += probabilities[i];
        }
        for (int i = 0; i < SIZE; i++) {
            probabilities[i] /= (float) sum;
        }
        return probabilities;
    }

    /** The definition, word for word: sort all, keep k, keep the smallest set that reaches p, drop what is too small. */
    private static Map<Integer, Double> reference(float[] probabilities, SamplingParams params) {
        List<Integer> kept = IntStream.range(0, SIZE)
                .boxed()
                .sorted(Comparator.comparing((Integer i) -> -probabilities[i]))
                .toList();
        if (params.topK() > 0) {
            kept = kept.subList(0, Math.min(SIZE, params.topK()));
        }
        double wanted =
                params.topP() * kept.stream().mapToDouble(i -> probabilities[i]).sum();
        int count = 0;
        double reached = 0;
        while (count < kept.size() && (params.topP() == 1 || reached < wanted)) {
            reached += probabilities[kept.get(count++)];
        }
        double least = params.minP() * probabilities[kept.getFirst()];
        List<Integer> last = kept.subList(0, count).stream()
                .filter(i -> probabilities[i] >= least)
                .toList();
        double mass = last.stream().mapToDouble(i -> probabilities[i]).sum();
        Map<Integer, Double> shares = new HashMap<>();
        last.forEach(i -> shares.put(i, probabilities[i] / mass));
        return shares;
    }
}
