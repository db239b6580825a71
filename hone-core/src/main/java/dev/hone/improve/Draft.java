package dev.hone.improve;

import dev.hone.improve.TwoSamples.Result;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * One thing that {@link Drift} looks at, before it is corrected for all the others.
 *
 * @param then how many are of the reference
 * @param since how many came after it
 * @param now how many of the last of these are of the window
 * @param result of the test of the window
 * @param evidence that it has drifted
 * @param good of what can be better or worse: that it is better; null of all else
 * @param change what is told of a stretch that is not empty
 */
record Draft(
        String of,
        int then,
        int since,
        int now,
        Result result,
        Evidence evidence,
        @Nullable Good good,
        Function<Stretch, String> change) {
    private static final String NONE = "none of the window";
    private static final double ROUNDING = 1e-9;

    /** @param gain by how much the mean of a stretch is better than that of the time before it */
    record Good(Evidence evidence, ToDoubleFunction<Stretch> gain) {}

    /** The change over the calls that are the evidence of it. */
    String told(Evidence by) {
        return change.apply(Stretch.of(by));
    }

    String toldOfWindow() {
        return now == 0 ? NONE : change.apply(Stretch.last(now, since));
    }

    /** Whether what is the evidence of a change is better in the mean than what was before it. */
    boolean isBetter(Evidence by) {
        return good != null && good.gain().applyAsDouble(Stretch.of(by)) > ROUNDING;
    }

    /** Whether it counts as drift: what can be better or worse is worse in the mean. */
    boolean counts(Evidence by) {
        return good == null || good.gain().applyAsDouble(Stretch.of(by)) < -ROUNDING;
    }
}
