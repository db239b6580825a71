package dev.hone.record;

/**
 * What drawing tokens took. Measured by a sampler; read by {@code hone bench sample}.
 *
 * @param steps of the whole batch, one token of every row each
 * @param nanos of these, prompts not counted
 * @param maskNanos of these, for what constraints allow; 0 where nothing was constrained
 */
public record DecodeTime(long steps, long nanos, long maskNanos) {
    /** What came after an earlier time. */
    public DecodeTime since(DecodeTime earlier) {
        return new DecodeTime(steps - earlier.steps, nanos - earlier.nanos, maskNanos - earlier.maskNanos);
    }

    /** Share of the time that constraints took. */
    public double maskShare() {
        return nanos == 0 ? 0 : (double) maskNanos / nanos;
    }
}
