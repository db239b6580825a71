package dev.hone.improve;

import dev.hone.record.Seeds;
import java.util.UUID;

/** Which calls are among a share of them: a pure function of their identifiers, so that whoever asks again is told the same. */
public final class Sampling {
    /** What a share is for: two shares of the same calls have nothing to do with each other. */
    public enum Purpose {
        WATCH,
        SECOND_LABEL,
        ORDER,
        JUDGE
    }

    private Sampling() {}

    /** A number in [0, 1), evenly spread over identifiers. */
    public static double place(UUID id, Purpose purpose) {
        long mixed =
                Seeds.mix(id.getMostSignificantBits() ^ purpose.ordinal() * 0x9E37_79B9L, id.getLeastSignificantBits());
        return (mixed >>> 11) * 0x1.0p-53;
    }

    public static boolean isIn(UUID id, Purpose purpose, double share) {
        return place(id, purpose) < share;
    }

    /**
     * The share of calls to watch so that a day's bound is spread over the day rather than used up in its first hours.
     *
     * @param callsOfADay of the last 24 hours
     */
    public static double share(Improving improving, long callsOfADay) {
        return callsOfADay == 0
                ? improving.sample()
                : Math.min(improving.sample(), (double) improving.callsADay() / callsOfADay);
    }
}
