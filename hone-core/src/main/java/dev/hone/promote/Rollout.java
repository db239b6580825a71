package dev.hone.promote;

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
