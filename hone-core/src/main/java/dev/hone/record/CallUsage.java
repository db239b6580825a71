package dev.hone.record;

import org.jspecify.annotations.Nullable;

/**
 * Tokens of a call, as the server counted them. Read from answers by the gateway; kept with the trace.
 *
 * @param prompt of the request, null where the server did not say
 * @param cached of these, taken from its cache
 * @param completion of the answer
 */
public record CallUsage(
        @Nullable Long prompt,
        @Nullable Long cached,
        @Nullable Long completion) {
    private static final long MOST = 1_000_000_000;

    /** Null for what is no count of tokens that anybody could have meant. */
    public static @Nullable Long count(long said) {
        return said >= 0 && said <= MOST ? said : null;
    }

    public static final CallUsage UNKNOWN = new CallUsage(null, null, null);
}
