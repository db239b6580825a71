package dev.hone.loop;

import dev.hone.loop.Digest.Event;
import dev.hone.record.AliasChange;
import dev.hone.record.LiveSwitch;
import dev.hone.record.ModelVersion;
import dev.hone.record.RolloutDecision;
import dev.hone.record.StoredRollout;
import dev.hone.store.Aliases;
import dev.hone.store.Database;
import dev.hone.store.LiveSwitches;
import dev.hone.store.ModelVersions;
import dev.hone.store.Rollouts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What people did by hand to where calls go: aliases that they moved, and switches that they turned. What rollouts and rounds moved by themselves is told with these. */
final class DayMoves {
    /** Within which who registers a version gives it its alias. */
    private static final Duration REGISTERED = Duration.ofMinutes(1);

    private final Database database;
    private final String name;
    private final UUID id;

    DayMoves(Database database, String name, UUID id) {
        this.database = database;
        this.name = name;
        this.id = id;
    }

    List<Event> read(Day day, List<StoredRollout> rollouts) {
        record Move(Instant at, String words) {}
        List<Move> moves = new ArrayList<>();
        List<AliasChange> changes = new Aliases(database).changes(id);
        List<ModelVersion> versions = new ModelVersions(database).list(id);
        for (AliasChange change : changes) {
            if (day.has(change.changed()) && isByHand(change, changes, versions, rollouts)) {
                moves.add(new Move(
                        change.changed(),
                        "the alias %s: from %s to %s, by %s"
                                .formatted(
                                        change.alias(),
                                        version(change.before()),
                                        version(change.after()),
                                        change.who())));
            }
        }
        for (LiveSwitch turn : new LiveSwitches(database).within(id, day.from(), day.to())) {
            moves.add(new Move(
                    turn.at(),
                    "calls of its own versions were %s, by %s"
                            .formatted(turn.off() ? "taken away" : "given back", turn.who())));
        }
        return moves.stream()
                .sorted(Comparator.comparing(Move::at))
                .map(move -> new Event(Day.shown(move.at()), move.words()))
                .toList();
    }

    private String version(@Nullable Integer number) {
        return number == null ? "nothing" : name + "/" + number;
    }

    /**
     * Whether it is a move of its own. {@code previous} follows {@code live}, and {@code candidate} a version that is registered or begins to be rolled out, until
     * that is over; what is written in one transaction has one time.
     */
    private static boolean isByHand(
            AliasChange change, List<AliasChange> all, List<ModelVersion> versions, List<StoredRollout> rollouts) {
        if (change.who().equals(RolloutDecision.NOBODY)) {
            return false;
        }
        return switch (change.alias()) {
            case Rollouts.PREVIOUS ->
                all.stream()
                        .noneMatch(other -> other.alias().equals(Rollouts.LIVE)
                                && other.changed().equals(change.changed()));
            case Rollouts.CANDIDATE -> {
                Integer number = change.after();
                yield number != null
                        && rollouts.stream()
                                .noneMatch(rollout -> rollout.number() == number
                                        && rollout.created().equals(change.changed()))
                        && versions.stream()
                                .noneMatch(version -> version.number() == number
                                        && change.changed()
                                                .isBefore(version.created().plus(REGISTERED)));
            }
            default -> true;
        };
    }
}
