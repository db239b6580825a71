package dev.hone.promote;

import dev.hone.record.LiveSwitch;
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
 * @param halted whether the live version and its candidate have no calls until a person says so
 * @param pending what was decided and the database does not have yet
 * @param switches what people have switched off
 */
public record TrafficState(
        String useCase,
        @Nullable Served live,
        @Nullable Rollout rollout,
        boolean halted,
        List<Pending> pending,
        Switches switches) {
    public TrafficState {
        pending = List.copyOf(pending);
    }

    /** One in which nobody ever switched anything off. */
    public TrafficState(
            String useCase, @Nullable Served live, @Nullable Rollout rollout, boolean halted, List<Pending> pending) {
        this(useCase, live, rollout, halted, pending, Switches.NONE);
    }

    /**
     * What was decided.
     *
     * @param place that it led to; null where nothing moved
     * @param from the place that it was decided on; null where that does not matter
     */
    public record Pending(RolloutDecision decision, Rollouts.@Nullable Place place, Rollouts.@Nullable Origin from) {
        Pending(RolloutDecision decision, Rollouts.@Nullable Place place) {
            this(decision, place, null);
        }
    }

    /** Before anything was ever promoted. */
    static TrafficState none(String useCase) {
        return new TrafficState(useCase, null, null, false, List.of());
    }

    /** The rollout that is not over; null where there is none. */
    public @Nullable Rollout goingOn() {
        return rollout == null || rollout.phase().isOver() ? null : rollout;
    }

    TrafficState withLive(@Nullable Served version) {
        return new TrafficState(useCase, version, rollout, halted, pending, switches);
    }

    TrafficState withRollout(@Nullable Rollout other) {
        return new TrafficState(useCase, live, other, halted, pending, switches);
    }

    /** @param other whose last turn says whether the live version has calls */
    TrafficState withTurned(Switches other) {
        LiveSwitch last = other.last();
        return new TrafficState(useCase, live, rollout, last != null && last.off(), pending, other);
    }

    TrafficState with(Switches other) {
        return new TrafficState(useCase, live, rollout, halted, pending, other);
    }

    TrafficState with(Pending one) {
        List<Pending> all = new ArrayList<>(pending);
        all.add(one);
        return new TrafficState(useCase, live, rollout, halted, all, switches);
    }

    TrafficState without(Pending one) {
        return new TrafficState(
                useCase,
                live,
                rollout,
                halted,
                pending.stream().filter(other -> !other.equals(one)).toList(),
                switches);
    }
}
