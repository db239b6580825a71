package dev.hone.record;

/** Seeds of independent streams, as a pure function of one seed and the numbers of a place. */
public final class Seeds {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private Seeds() {}

    /**
     * The seed of a place within what a seed is for (SplitMix64's finaliser, Steele et al. 2014, over both). Never a sum of
     * them: {@code SplittableRandom} itself counts on by a constant, and seeds that differ by it give one stream, shifted.
     */
    public static long mix(long seed, long place) {
        return finalised(finalised(seed + GOLDEN) + place);
    }

    private static long finalised(long value) {
        long z = value;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
