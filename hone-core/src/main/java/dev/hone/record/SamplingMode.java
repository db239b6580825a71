package dev.hone.record;

/** How a {@link Snapshot} computes. */
public enum SamplingMode {
    /** The trainer's own arithmetic in fp32: log-probabilities equal the trainer's to 1e-4, bit-reproducible. */
    EXACT,
    /** int8 weights: faster; the numbers depend on the batch and are not bit-reproducible. */
    FAST
}
