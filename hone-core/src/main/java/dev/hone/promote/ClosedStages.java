package dev.hone.promote;

import dev.hone.store.RolloutTallies;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sums of the stages of a rollout that have ended, which change by late feedback and late grades alone: they are read again now and then, and not at each look, however
 * many calls the rollout has had.
 */
final class ClosedStages {
    /** So long after its end the calls of a stage are still stored, and read each time. */
    private static final Duration COMING = Duration.ofMinutes(5);

    private static final Duration GOOD_FOR = Duration.ofMinutes(5);

    private final Map<Stage, Kept> kept = new HashMap<>();
    private @Nullable UUID rollout;

    private record Kept(Instant at, RolloutTallies.Sums sums) {}

    /** Whether the sums of a stage are known well enough, so that nothing of it has to be read. */
    boolean isKnown(UUID of, Stage stage, Instant now) {
        Kept one = of.equals(rollout) ? kept.get(stage) : null;
        return one != null && !now.isBefore(one.at()) && now.isBefore(one.at().plus(GOOD_FOR));
    }

    /**
     * The sums of a stage.
     *
     * @param whole whether nothing of it is still to be graded
     * @param read how they are read where they are not known
     */
    RolloutTallies.Sums of(UUID of, Stage stage, Instant now, boolean whole, Supplier<RolloutTallies.Sums> read) {
        if (!of.equals(rollout)) {
            kept.clear();
            rollout = of;
        }
        Kept one = kept.get(stage);
        if (one != null && isKnown(of, stage, now)) {
            return one.sums();
        }
        RolloutTallies.Sums sums = read.get();
        Instant to = stage.to();
        if (whole && to != null && now.isAfter(to.plus(COMING))) {
            kept.put(stage, new Kept(now, sums));
        } else {
            kept.remove(stage);
        }
        return sums;
    }
}
