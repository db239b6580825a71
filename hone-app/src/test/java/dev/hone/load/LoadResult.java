package dev.hone.load;

import org.HdrHistogram.Histogram;

/**
 * What a load came to. Made by {@link LoadClient}; read by {@link GatewayBenchmark}.
 *
 * @param sent requests
 * @param answered with status 200, to the last byte
 * @param refused with another status
 * @param broken connections that ended in the middle, or were not to be had
 * @param unanswered when the time to wait was over
 * @param perSecond answers, from the first request's time to the last answer
 * @param drainMillis from the last request's time to the last answer
 * @param times in nanoseconds from when a request was meant to be sent to the last byte of its answer; what was not answered
 *     counts with the time until it was given up
 * @param firstBytes the same, to the first byte
 * @param lag how late this client was by its own fault, in nanoseconds
 */
record LoadResult(
        long sent,
        long answered,
        long refused,
        long broken,
        long unanswered,
        double perSecond,
        double drainMillis,
        Histogram times,
        Histogram firstBytes,
        Histogram lag) {
    /** A client later than that, in one of a hundred cases, measures itself. */
    static final double MOST_LAG_MILLIS = 1;

    double millis(double percentile) {
        return times.getValueAtPercentile(percentile) / 1e6;
    }

    double lagMillis(double percentile) {
        return lag.getValueAtPercentile(percentile) / 1e6;
    }

    /** Whether it says something about who was asked. */
    boolean valid() {
        return lagMillis(99) <= MOST_LAG_MILLIS;
    }

    /** Whether all that was sent was answered well. */
    boolean clean() {
        return answered == sent;
    }
}
