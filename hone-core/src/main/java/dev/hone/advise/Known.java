package dev.hone.advise;

import dev.hone.evaluate.Interval;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a use case when its verdict is asked for.
 *
 * @param live a version of its own that is live; null for none
 * @param fixed share of what is sent that is the same in all calls
 * @param estimated whether nobody counted tokens, so that they are a fourth of the characters
 * @param priced whether the price of a call is known
 * @param currency of amounts
 * @param evaluated null where nothing was
 */
record Known(
        Measures measures,
        @Nullable LiveModel live,
        Closed closed,
        RightAnswers rightAnswers,
        double fixed,
        boolean estimated,
        boolean priced,
        String currency,
        Scenario scenario,
        BreakEven breakEven,
        @Nullable Evaluated evaluated) {
    boolean hasVolume() {
        return measures.perMonth() > 0;
    }

    /** Whether what it costs now can be worked out. */
    boolean hasCosts() {
        return priced && hasVolume();
    }

    /** How many answers of the general model are good; null where too few were judged. */
    @Nullable
    Interval good() {
        return measures.goodShare() == null ? null : Interval.wilson((int) measures.good(), (int) measures.judged());
    }
}
