package dev.hone.algorithm;

import dev.hone.record.Datum;
import java.util.List;

/**
 * How far the trainer is from the policy that drew its data, over all drawn tokens. d = the trainer's log-probability minus
 * the sampler's. Made by {@link GrpoRun}; read in its steps.
 *
 * @param tokens number of drawn tokens
 * @param entropy estimate of the sampler's entropy a token, in nats: mean of minus the log-probability of what it drew
 * @param kl estimate of KL(sampler ‖ trainer) a token, in nats: mean of exp(d) − 1 − d (Schulman 2020), never below 0
 * @param most largest |d|
 * @param leastWeight smallest exp(d)
 * @param meanWeight mean exp(d)
 * @param mostWeight largest exp(d)
 * @param effective share of the samples that are left when weighted by exp(d): (Σw)² / (n·Σw²)
 */
public record Drift(
        long tokens,
        double entropy,
        double kl,
        double most,
        double leastWeight,
        double meanWeight,
        double mostWeight,
        double effective) {

    /**
     * @param data with the sampler's log-probabilities
     * @param logprobs the trainer's
     */
    static Drift of(List<Datum> data, List<float[]> logprobs) {
        long tokens = 0;
        double surprise = 0;
        double kl = 0;
        double most = 0;
        double least = Double.POSITIVE_INFINITY;
        double sum = 0;
        double greatest = 0;
        double squares = 0;
        for (int i = 0; i < data.size(); i++) {
            float[] weights = data.get(i).weights();
            float[] behaviour = data.get(i).draw().behaviour();
            for (int position = 0; position < weights.length; position++) {
                if (weights[position] == 0) {
                    continue;
                }
                double difference = (double) logprobs.get(i)[position] - behaviour[position];
                double weight = Math.exp(difference);
                tokens++;
                surprise -= behaviour[position];
                kl += weight - 1 - difference;
                most = Math.max(most, Math.abs(difference));
                least = Math.min(least, weight);
                greatest = Math.max(greatest, weight);
                sum += weight;
                squares += weight * weight;
            }
        }
        if (tokens == 0) {
            return new Drift(0, 0, 0, 0, 1, 1, 1, 1);
        }
        return new Drift(
                tokens,
                surprise / tokens,
                kl / tokens,
                most,
                least,
                sum / tokens,
                greatest,
                sum * sum / (tokens * squares));
    }

    /** Whether the data are too far from the policy to learn from, in words; empty otherwise. */
    public String alarm() {
        if (meanWeight < 0.5 || meanWeight > 2) {
            return "the mean importance weight is %.2f, outside [0.5, 2]".formatted(meanWeight);
        }
        if (effective < 0.3) {
            return "only %.0f %% of the tokens are effective, below 30 %%".formatted(100 * effective);
        }
        return kl > 0.1 ? "the sampler and the trainer are %.2f nats a token apart, above 0.1".formatted(kl) : "";
    }
}
