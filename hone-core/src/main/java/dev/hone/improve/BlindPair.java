package dev.hone.improve;

import dev.hone.record.Seeds;
import java.util.UUID;

/**
 * In which order two answers stand before somebody who does not know whose they are: by a chance that follows from the call and the person, so that
 * who loads the page again sees the same, and nobody can tell from the order.
 */
public final class BlindPair {
    private BlindPair() {}

    /** Whether the answer that users saw stands first. */
    public static boolean liveFirst(UUID trace, String person) {
        return (Seeds.mix(trace.getLeastSignificantBits() ^ trace.getMostSignificantBits(), person.hashCode()) & 1)
                == 0;
    }
}
