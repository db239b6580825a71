package dev.hone.promote;

import dev.hone.record.RolloutDecision;
import dev.hone.store.Rollouts;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What calls of a use case follow, whatever happens to the database. Kept by {@link TrafficFile}.
 *
 * @param live version that has the calls; null where those whom the charter names have them
 * @param rollout that is going on, or was the last; null for none
 * @param halted whether a person took the live version's calls away
 * @param pending what was decided and the database does not have yet
 */
public record TrafficState(
        String useCase, @Nullable Served live, @Nullable Rollout rollout, boolean halted, List<Pending> pending) {
    public TrafficState {
        pending = List.copyOf(pending);
    }

    /**
     * What was decided.
     *
     * @param place that it led to; null where nothing moved
     */
    public record Pending(RolloutDecision decision, Rollouts.@Nullable Place place) {}

    /** Before anything was ever promoted. */
    static TrafficState none(String useCase) {
        return new TrafficState(useCase, null, null, false, List.of());
    }

    /** The rollout that is not over; null where there is none. */
    public @Nullable Rollout goingOn() {
        return rollout == null || rollout.phase().isOver() ? null : rollout;
    }

    TrafficState withLive(@Nullable Served version) {
        return new TrafficState(useCase, version, rollout, halted, pending);
    }

    TrafficState withRollout(@Nullable Rollout other) {
        return new TrafficState(useCase, live, other, halted, pending);
    }

    TrafficState withHalted(boolean other) {
        return new TrafficState(useCase, live, rollout, other, pending);
    }

    TrafficState with(Pending one) {
        List<Pending> all = new ArrayList<>(pending);
        all.add(one);
        return new TrafficState(useCase, live, rollout, halted, all);
    }

    TrafficState without(Pending one) {
        return new TrafficState(
                useCase,
                live,
                rollout,
                halted,
                pending.stream().filter(other -> !other.equals(one)).toList());
    }
}
