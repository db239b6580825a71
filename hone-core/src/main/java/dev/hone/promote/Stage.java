package dev.hone.promote;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A time in which calls were divided in one proportion. Made by {@link Transitions}; read by whoever counts the calls of it.
 *
 * @param copies whether the candidate answered copies, for nobody
 * @param step number of the share; 0 of copies
 * @param share of the episodes that the candidate has; 0 of copies
 * @param from that calls must have begun to count
 * @param to before which they must have begun; null as long as it goes on
 */
public record Stage(
        boolean copies,
        int step,
        double share,
        Instant from,
        @Nullable Instant to) {
    /** The same, at its end. */
    Stage until(Instant end) {
        return new Stage(copies, step, share, from, end.isBefore(from) ? from : end);
    }
}
