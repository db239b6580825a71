package dev.hone.record;

import java.util.List;

/**
 * How to choose tokens. Filters apply in this order: temperature, top-k, top-p, min-p.
 *
 * @param maxTokens most tokens to generate, the end token included
 * @param temperature divides the logits; 0 means greedy
 * @param topK keep the k most probable tokens; 0 means all
 * @param topP keep the smallest set of tokens whose probability reaches this; 1 means all
 * @param minP drop tokens whose probability is below this share of the most probable one's; 0 means none
 * @param stop the sample ends when its text contains one of these; the tokens up to there are kept
 * @param stopTokens the sample ends on one of these ids (the model's own end tokens are added by the caller)
 * @param seed of the sample's own random stream: the same request gives the same sample in whatever batch (exact mode)
 */
public record SamplingParams(
        int maxTokens,
        double temperature,
        int topK,
        double topP,
        double minP,
        List<String> stop,
        List<Integer> stopTokens,
        long seed) {
    public SamplingParams {
        require(maxTokens >= 1, "max-tokens", maxTokens, "at least 1");
        require(temperature >= 0 && temperature <= 100, "temperature", temperature, "between 0 and 100");
        require(topK >= 0, "top-k", topK, "0 (all) or more");
        require(topP > 0 && topP <= 1, "top-p", topP, "above 0 and at most 1");
        require(minP >= 0 && minP < 1, "min-p", minP, "at least 0 and below 1");
        stop = List.copyOf(stop);
        stopTokens = List.copyOf(stopTokens);
    }

    /** Greedy decoding of at most {@code maxTokens}. */
    public static SamplingParams greedy(int maxTokens, List<Integer> stopTokens) {
        return new SamplingParams(maxTokens, 0, 0, 1, 0, List.of(), stopTokens, 0);
    }

    private static void require(boolean holds, String name, Number value, String rule) {
        if (!holds) {
            throw new IllegalArgumentException("%s must be %s, not [%s]".formatted(name, rule, value));
        }
    }
}
