package dev.hone.improve;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a use case is watched, and what starts a loop. Read from its charter by {@link ImproveReader}; followed by {@code hone serve}.
 *
 * @param sample share of the calls that are watched and graded, from 0 to 1
 * @param callsADay how many of them a day (UTC) at most; 0 for none
 * @param drift against what they are held
 * @param labels new ones that start a loop
 * @param driftLabels new ones without which drift starts none
 * @param secondLabels share of the labelled that a second person labels too
 * @param schedule after which a loop starts without another reason; null for never
 * @param coolDown between the beginnings of two loops at least
 */
public record Improving(
        double sample,
        int callsADay,
        Drift drift,
        int labels,
        int driftLabels,
        double secondLabels,
        @Nullable Duration schedule,
        Duration coolDown) {
    /** Of charters that do not say. */
    public static final Improving STANDARD = new Improving(
            0.05,
            500,
            new Drift(Duration.ofDays(7), Duration.ofDays(28), 0.01, Duration.ofDays(1)),
            200,
            50,
            0.1,
            Duration.ofDays(7),
            Duration.ofHours(24));

    /** How many new labels drift needs to start a loop: never more than start one by themselves. */
    public int afterDrift() {
        return Math.min(labels, driftLabels);
    }

    /**
     * @param window of now
     * @param against before it, of which the reference is taken, and after which a new one is
     * @param alpha how probable a false alarm may be, over all looks and all that is looked at, as long as a reference lasts
     * @param feedback how long after its call feedback counts
     */
    public record Drift(Duration window, Duration against, double alpha, Duration feedback) {}
}
