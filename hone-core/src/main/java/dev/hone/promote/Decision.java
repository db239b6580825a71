package dev.hone.promote;

import dev.hone.evaluate.Interval;

/** What is to be done with a candidate. Made by {@link CanaryPolicy}; whoever routes calls follows it, and keeps it with its evidence. */
public sealed interface Decision {
    /**
     * It keeps its share of calls.
     *
     * @param why what is still to be known
     */
    record Hold(String why) implements Decision {}

    /**
     * It gets more.
     *
     * @param step number of the next share, from 0 on
     */
    record Advance(int step, double share) implements Decision {}

    /** All that was asked for is shown; a person decides, since the policy does not let anybody else. */
    record Ready() implements Decision {}

    /** It is shown, and becomes live. */
    record Promote() implements Decision {}

    /**
     * It is worse than the live version, and gets no calls any more.
     *
     * @param measure by which
     * @param difference the candidate's mean less the live version's
     */
    record RollBack(Measure measure, Interval difference) implements Decision {}
}
