package dev.hone.promote;

import dev.hone.record.StoredRollout;
import dev.hone.store.Rollouts;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A version on its way to the calls of users. Moved by {@link Transitions} alone.
 *
 * @param baseline what it is compared with; null for those whom the charter names
 * @param held whether a person wants nobody but a person to move it on
 * @param stages so far, the last of which may be going on
 * @param since the phase or the step began
 */
public record Rollout(
        UUID id,
        Served candidate,
        @Nullable Served baseline,
        Phase phase,
        boolean held,
        List<Stage> stages,
        Instant since) {
    public Rollout {
        stages = List.copyOf(stages);
    }

    /** As the database has it. */
    static Rollout of(StoredRollout row) {
        StoredRollout.Baseline baseline = row.baseline();
        return new Rollout(
                row.id(),
                Served.of(row),
                baseline == null
                        ? null
                        : new Served(row.useCase(), baseline.version(), baseline.number(), baseline.artifact()),
                Phase.of(row.phase(), row.step()),
                row.held(),
                TrafficFile.stages(row.stages()),
                row.since());
    }

    /** Where it is, as the database has it. */
    Rollouts.Place place() {
        return new Rollouts.Place(
                phase.word(),
                phase.step(),
                held,
                since,
                TrafficFile.stages(stages).toString());
    }

    /** What a decision on it is made on. */
    Rollouts.Origin origin() {
        return new Rollouts.Origin(phase.word(), phase.step(), since);
    }

    /** The same in another phase. */
    Rollout as(Phase other) {
        return new Rollout(id, candidate, baseline, other, held, stages, since);
    }

    /** The stage that is going on; null where there is none. */
    public @Nullable Stage stage() {
        return stages.isEmpty() || stages.getLast().to() != null ? null : stages.getLast();
    }

    /** Share of the episodes that the candidate has now. */
    public double share() {
        Stage now = stage();
        return now == null || !phase.hasUsers() ? 0 : now.share();
    }

    /** Those in which users were asked. */
    public List<Stage> ofUsers() {
        return stages.stream().filter(stage -> !stage.copies()).toList();
    }
}
