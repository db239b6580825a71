package dev.hone.sample;

import dev.hone.record.SamplingParams;
import java.util.Arrays;

/** Chooses a token where filters apply: top-k, then top-p of what remains, then min-p, then one draw. */
final class FilteredChoice {
    private static final double THRESHOLD_STEP = 1.0 / 64;

    private FilteredChoice() {}

    static boolean filters(SamplingParams params) {
        return params.topK() > 0 || params.topP() < 1 || params.minP() > 0;
    }

    /**
     * @param probabilities of every token, after temperature, or numbers in proportion to them
     * @param uniform in [0, 1)
     * @return the token's id
     */
    static int choose(float[] probabilities, SamplingParams params, double uniform) {
        float largest = 0;
        for (float probability : probabilities) {
            largest = Math.max(largest, probability);
        }
        long[] ranked = candidates(probabilities, largest, params);
        int count = params.topK() > 0 ? Math.min(params.topK(), ranked.length) : ranked.length;
        if (params.topP() < 1) {
            double wanted = params.topP() * (params.topK() > 0 ? mass(ranked, count) : mass(probabilities));
            double reached = 0;
            int kept = 0;
            while (kept < count && reached < wanted) {
                reached += probability(ranked[kept++]);
            }
            count = Math.max(1, kept);
        }
        double least = params.minP() * probability(ranked[0]);
        while (count > 1 && probability(ranked[count - 1]) < least) {
            count--;
        }
        double left = uniform * mass(ranked, count);
        for (int i = 0; i < count; i++) {
            left -= probability(ranked[i]);
            if (left < 0) {
                return token(ranked[i]);
            }
        }
        return token(ranked[count - 1]);
    }

    /** The tokens that top-k and top-p can keep, the most probable first: found by lowering a threshold, then sorted. */
    private static long[] candidates(float[] probabilities, float largest, SamplingParams params) {
        double total = mass(probabilities);
        double threshold = largest;
        while (true) {
            threshold = threshold * THRESHOLD_STEP < Float.MIN_NORMAL ? 0 : threshold * THRESHOLD_STEP;
            int count = 0;
            double mass = 0;
            for (float probability : probabilities) {
                if (probability >= threshold) {
                    count++;
                    mass += probability;
                }
            }
            boolean enough = params.topK() > 0
                    ? count >= params.topK()
                    : params.topP() < 1 ? mass >= params.topP() * total : threshold <= params.minP() * largest;
            if (enough || threshold == 0) {
                return ranked(probabilities, threshold, count);
            }
        }
    }

    private static long[] ranked(float[] probabilities, double threshold, int count) {
        long[] ranked = new long[count];
        int next = 0;
        for (int i = 0; i < probabilities.length; i++) {
            if (probabilities[i] >= threshold) {
                // Sorts by falling probability, then by rising id: the bits of positive floats are ordered like them.
                ranked[next++] = ((long) ~Float.floatToRawIntBits(probabilities[i]) << 32) | i;
            }
        }
        Arrays.sort(ranked);
        return ranked;
    }

    private static float probability(long ranked) {
        return Float.intBitsToFloat(~(int) (ranked >> 32));
    }

    private static int token(long ranked) {
        return (int) ranked;
    }

    private static double mass(long[] ranked, int count) {
        double mass = 0;
        for (int i = 0; i < count; i++) {
            mass += probability(ranked[i]);
        }
        return mass;
    }

    private static double mass(float[] probabilities) {
        double mass = 0;
        for (float probability : probabilities) {
            mass += probability;
        }
        return mass;
    }
}
