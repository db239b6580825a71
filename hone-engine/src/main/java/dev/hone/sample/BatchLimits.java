package dev.hone.sample;

/**
 * How much an {@link OpenBatch} computes at once.
 *
 * @param rows most samples in flight
 * @param entries most positions of all samples in flight, each counted as long as the longest may become: bounds memory
 */
public record BatchLimits(int rows, long entries) {
    public BatchLimits {
        if (rows < 1 || entries < 1) {
            throw new IllegalArgumentException(
                    "A batch needs at least 1 row and 1 entry, not [%d] and [%d]".formatted(rows, entries));
        }
    }
}
