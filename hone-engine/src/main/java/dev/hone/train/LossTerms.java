package dev.hone.train;

import dev.hone.record.Loss;

/**
 * What a loss needs of the trained positions of a batch, in their order.
 *
 * @param weights of the terms
 * @param behaviour log-probability of each target where it was drawn; 0 for demonstrations
 * @param advantages 0 for demonstrations
 */
record LossTerms(float[] weights, float[] behaviour, float[] advantages) {

    /**
     * Derivatives of the loss by the log-probabilities of some positions.
     *
     * @param start the first of them
     * @param logprobs of each of them
     */
    float[] slopes(Loss loss, int start, float[] logprobs) {
        float[] slopes = new float[logprobs.length];
        for (int i = 0; i < slopes.length; i++) {
            slopes[i] = (float)
                    (weights[start + i] * term(loss, start + i, logprobs[i]).slope());
        }
        return slopes;
    }

    /** The loss, given the log-probability of every position. */
    double value(Loss loss, float[] logprobs) {
        double sum = 0;
        for (int i = 0; i < logprobs.length; i++) {
            sum += weights[i] * term(loss, i, logprobs[i]).value();
        }
        return sum;
    }

    private Loss.Term term(Loss loss, int i, float logprob) {
        return loss.term(logprob, behaviour[i], advantages[i]);
    }
}
