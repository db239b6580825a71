package dev.hone.sample;

import dev.hone.record.SamplingParams;
import java.util.Arrays;

/** Chooses a token from a distribution: top-k, then top-p of what remains, then min-p, then one draw. */
final class TokenChooser {
    private static final double THRESHOLD_STEP = 1.0 / 64;

    private TokenChooser() {}

    /**
     * @param probabilities of every token, after temperature; need not sum to exactly 1
     * @param uniform in [0, 1)
     * @return the token's id
     * @throws ArithmeticException if they are no probabilities
     */
    static int choose(float[] probabilities, SamplingParams params, double uniform) {
        int best = mostProbable(probabilities);
        if (!(probabilities[best] > 0 && probabilities[best] <= Float.MAX_VALUE)) {
            throw new ArithmeticException(
                    "The model's scores are no numbers: the greatest probability of the next token is [%s]. Its weights are damaged, or the rate that trained them was too high"
                            .formatted(probabilities[best]));
        }
        if (params.temperature() == 0) {
            return best;
        }
        boolean filtered = params.topK() > 0 || params.topP() < 1 || params.minP() > 0;
        return filtered
                ? chooseFiltered(probabilities, probabilities[best], params, uniform)
                : choosePlain(probabilities, uniform);
    }

    /** The first of the most probable tokens. */
    static int mostProbable(float[] probabilities) {
        int best = 0;
        for (int i = 1; i < probabilities.length; i++) {
            if (probabilities[i] > probabilities[best]) {
                best = i;
            }
        }
        return best;
    }

    private static int choosePlain(float[] probabilities, double uniform) {
        double total = 0;
        for (float probability : probabilities) {
            total += probability;
        }
        double left = uniform * total;
        int last = 0;
        for (int i = 0; i < probabilities.length; i++) {
            if (probabilities[i] > 0) {
                left -= probabilities[i];
                last = i;
                if (left < 0) {
                    return i;
                }
            }
        }
        return last;
    }

    private static int chooseFiltered(float[] probabilities, float largest, SamplingParams params, double uniform) {
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
