package dev.hone.algorithm;

import dev.hone.record.Datum;
import dev.hone.record.Loss;
import java.util.List;

/**
 * Trained tokens that a loss no longer moves: shares of all of them.
 *
 * @param low because they have become so much less probable since they were drawn
 * @param high because they have become so much more probable
 */
public record Clipped(double low, double high) {
    static final Clipped NONE = new Clipped(0, 0);

    /** @param logprobs after the updates so far */
    static Clipped of(Loss loss, List<Datum> data, List<float[]> logprobs) {
        long tokens = 0;
        long low = 0;
        long high = 0;
        for (int i = 0; i < data.size(); i++) {
            float[] weights = data.get(i).weights();
            float[] behaviour = data.get(i).draw().behaviour();
            float[] advantages = data.get(i).draw().advantages();
            for (int position = 0; position < weights.length; position++) {
                if (weights[position] == 0) {
                    continue;
                }
                float logprob = logprobs.get(i)[position];
                tokens++;
                boolean moves = loss.term(logprob, behaviour[position], advantages[position])
                                .slope()
                        != 0;
                if (!moves && advantages[position] != 0) {
                    low += logprob < behaviour[position] ? 1 : 0;
                    high += logprob > behaviour[position] ? 1 : 0;
                }
            }
        }
        double all = Math.max(1, tokens);
        return new Clipped(low / all, high / all);
    }

    /** Both. */
    public double total() {
        return low + high;
    }

    /** This, and a share of another. */
    Clipped plus(Clipped other, double share) {
        return new Clipped(low + share * other.low, high + share * other.high);
    }
}
