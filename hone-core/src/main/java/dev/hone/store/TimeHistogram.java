package dev.hone.store;

import java.util.Arrays;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Counts of times in fixed buckets, eight for each doubling: the first is below 1 ms, the second begins there, the last at 2^20 ms (17
 * minutes). Sums of them are exact; a quantile is a bucket's geometric middle, at most 4.5 % off.
 */
public final class TimeHistogram {
    static final int BUCKETS = 162;

    private static final int A_DOUBLING = 8;
    /** Of nothing. */
    public static final TimeHistogram EMPTY = new TimeHistogram(new long[BUCKETS]);

    private final long[] counts;

    private TimeHistogram(long[] counts) {
        this.counts = counts;
    }

    static TimeHistogram of(long @Nullable [] counts) {
        return counts == null ? EMPTY : new TimeHistogram(counts.clone());
    }

    /** Those of both. */
    public TimeHistogram plus(TimeHistogram other) {
        long[] sums = counts.clone();
        for (int i = 0; i < sums.length; i++) {
            sums[i] += other.counts[i];
        }
        return new TimeHistogram(sums);
    }

    /** How many times there are. */
    public long count() {
        return Arrays.stream(counts).sum();
    }

    /** Where a bucket begins, in milliseconds. */
    static double bound(int bucket) {
        return bucket == 0 ? 0 : Math.pow(2, (bucket - 1) / (double) A_DOUBLING);
    }

    /**
     * The time below which a share of them is, in milliseconds; empty where there are none.
     *
     * @param share above 0, at most 1
     */
    public OptionalDouble quantile(double share) {
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("A quantile is above 0 and at most 1, not [%s]".formatted(share));
        }
        long total = count();
        if (total == 0) {
            return OptionalDouble.empty();
        }
        long wanted = (long) Math.ceil(share * total);
        int bucket = 0;
        for (long seen = counts[0]; seen < wanted; seen += counts[bucket]) {
            bucket++;
        }
        if (bucket == 0) {
            return OptionalDouble.of(0.5);
        }
        return OptionalDouble.of(bucket == BUCKETS - 1 ? bound(bucket) : Math.sqrt(bound(bucket) * bound(bucket + 1)));
    }
}
