package dev.hone.promote;

import dev.hone.record.LiveSwitch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What people have switched off in a use case, beside its rollout.
 *
 * @param last how the live version's switch was turned last, here or by another gateway; null where nobody ever did
 * @param unsaid turns that the database does not have yet, the oldest first
 * @param stopped what ends whatever was begun before it and is not known here yet; null for nothing
 */
public record Switches(
        @Nullable LiveSwitch last,
        List<LiveSwitch> unsaid,
        @Nullable Stopped stopped) {
    static final Switches NONE = new Switches(null, List.of(), null);

    public Switches {
        unsaid = List.copyOf(unsaid);
    }

    /** Somebody stopped what was being rolled out, when nothing of it was known here. */
    public record Stopped(Instant at, String who) {}

    /** Turned here. */
    Switches turned(LiveSwitch turn) {
        List<LiveSwitch> all = new ArrayList<>(unsaid);
        all.add(turn);
        return new Switches(turn, all, stopped);
    }

    /** Turned elsewhere, or by nobody: the database need not be told. */
    Switches heard(LiveSwitch turn) {
        return new Switches(turn, unsaid, stopped);
    }

    Switches said(LiveSwitch turn) {
        return new Switches(
                last, unsaid.stream().filter(other -> !other.equals(turn)).toList(), stopped);
    }

    Switches stop(Stopped other) {
        return new Switches(last, unsaid, other);
    }
}
