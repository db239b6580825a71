package dev.hone.record;

/**
 * A prompt to continue. The prompt is computed once, however many samples are asked for.
 *
 * @param prompt token ids, at least one
 * @param count number of independent samples
 * @param params how to sample
 * @param constraint what a sample may be
 */
public record SampleRequest(int[] prompt, int count, SamplingParams params, Constraint constraint) {
    /** Of any text. */
    public SampleRequest(int[] prompt, int count, SamplingParams params) {
        this(prompt, count, params, new Constraint.None());
    }

    public SampleRequest {
        if (prompt.length == 0) {
            throw new IllegalArgumentException("A prompt needs at least one token");
        }
        if (count < 1) {
            throw new IllegalArgumentException("The number of samples must be at least 1, not [" + count + "]");
        }
    }
}
