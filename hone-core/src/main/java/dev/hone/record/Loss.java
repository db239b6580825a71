package dev.hone.record;

/** A token-separable training loss, summed over the positions of a batch under {@link Datum#weights}. */
public sealed interface Loss {
    /** {@code -Σ weight · log p(target)}. */
    record CrossEntropy() implements Loss {}
}
