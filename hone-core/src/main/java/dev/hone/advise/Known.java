package dev.hone.advise;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a use case when its verdict is asked for.
 *
 * @param demonstrations right answers that experts have given
 * @param fixed share of what is sent that is the same in all calls
 * @param estimated whether nobody counted tokens, so that they are a fourth of the characters
 * @param priced whether the price of a call is known
 * @param currency of amounts
 * @param evaluated null where nothing was
 */
record Known(
        Measures measures,
        Closed closed,
        long demonstrations,
        double fixed,
        boolean estimated,
        boolean priced,
        String currency,
        Scenario scenario,
        BreakEven breakEven,
        @Nullable Evaluated evaluated) {}
