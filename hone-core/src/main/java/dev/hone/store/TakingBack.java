package dev.hone.store;

import dev.hone.record.AuditEntry;
import dev.hone.record.Ids;
import dev.hone.record.RolloutDecision;
import dev.hone.record.StoredRollout;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What a person takes back in the database itself: what no gateway follows, and what is live already. Running gateways follow. */
public final class TakingBack {
    private final Database database;

    public TakingBack(Database database) {
        this.database = database;
    }

    /**
     * Ends whatever is being rolled out, wherever it is.
     *
     * @param phase {@code stopped} or {@code rolled-back}
     * @param action in a word
     * @return what it was; empty where nothing goes on
     */
    public Optional<StoredRollout> end(UUID useCase, String phase, String action, String who) {
        return database.inTransaction(connection -> {
            RolloutQueries.lock(connection, useCase);
            Optional<StoredRollout> going = RolloutQueries.goingOn(connection, useCase);
            if (going.isPresent()) {
                StoredRollout rollout = going.get();
                Instant now = RolloutQueries.now(connection);
                Rollouts.insert(
                        connection,
                        new RolloutDecision(
                                Ids.next(),
                                rollout.id(),
                                now,
                                phase,
                                0,
                                action,
                                who,
                                "a person decided so, where no gateway followed it",
                                "{}"));
                Rollouts.move(connection, rollout, new Rollouts.Place(phase, 0, rollout.held(), now, rollout.stages()));
                Rollouts.dropCandidate(connection, rollout, who);
            }
            return going;
        });
    }

    /**
     * What was live before is live again, and there is nothing further back that is known to be good.
     *
     * @return its number
     * @throws IllegalArgumentException when something is being rolled out, there is nothing to go back to, or it never passed its gates or was taken back
     */
    public int goBack(UUID useCase, String who) {
        return database.inTransaction(connection -> {
            String name = RolloutQueries.lock(connection, useCase);
            Optional<StoredRollout> going = RolloutQueries.goingOn(connection, useCase);
            if (going.isPresent()) {
                throw new IllegalArgumentException(
                        "[%s] is being rolled out (%s): end that first, by hone canary back %s"
                                .formatted(going.get().reference(), going.get().phase(), name));
            }
            RolloutQueries.Known live = RolloutQueries.aliased(connection, useCase, Rollouts.LIVE)
                    .orElseThrow(() -> new IllegalArgumentException(
                            "[%s] has no live version to go back from: its calls are served by those whom the charter names"
                                    .formatted(name)));
            RolloutQueries.Known previous = RolloutQueries.aliased(connection, useCase, Rollouts.PREVIOUS)
                    .filter(known -> !known.equals(live))
                    .orElseThrow(() -> new IllegalArgumentException(
                            "[%s] has no previous version: take the live one out by hone canary stop %s --live"
                                    .formatted(name, name)));
            Standing.requireReturn(connection, previous, useCase, name);
            Aliases.point(connection, useCase, Rollouts.LIVE, previous.id(), previous.number(), who);
            Aliases.drop(connection, useCase, Rollouts.PREVIOUS, previous.number(), who);
            List<UUID> project =
                    Rows.list(connection, "SELECT project FROM use_case WHERE id = ?", row -> Rows.id(row, 1), useCase);
            AuditLog.add(
                    connection,
                    AuditEntry.now(
                            who,
                            project.getFirst(),
                            "rollout.back",
                            name + "/" + live.number(),
                            Map.of("to", name + "/" + previous.number())));
            return previous.number();
        });
    }
}
