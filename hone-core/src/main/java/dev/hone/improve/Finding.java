package dev.hone.improve;

import org.jspecify.annotations.Nullable;

/**
 * One thing that was looked at, then and now.
 *
 * @param of what, such as {@code inputs: clusters}
 * @param then how many calls or numbers of the reference
 * @param now how many of the window
 * @param test that was made of these two alone
 * @param statistic of the test
 * @param p of the test, as if it were the only one and made once: it describes, and decides nothing
 * @param pHolm corrected for all tests of this look
 * @param evidence the base-10 logarithm of the most that bets against no change ever had since the reference was taken; of what can be better or worse, that
 *     bets on worse had
 * @param pEver how probable that is without a change, however often it is looked at, at most
 * @param pDecides the same corrected for all that is looked at: it decides
 * @param drifted whether that is below the level, and what can be better or worse is worse in the mean
 * @param change in words: of what has drifted over the calls that are the evidence, else over the window
 * @param better how it has changed for the better, in words, over the calls that are the evidence of that; null where it has not, or nobody says what is better
 */
public record Finding(
        String of,
        int then,
        int now,
        String test,
        double statistic,
        double p,
        double pHolm,
        double evidence,
        double pEver,
        double pDecides,
        boolean drifted,
        String change,
        @Nullable String better) {}
