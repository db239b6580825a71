package dev.hone.record;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A version on its way to the calls of users, as the database has it. Made by {@code hone canary start} and {@code hone loop}; moved on by
 * {@code hone serve}.
 *
 * @param number of the version within its use case
 * @param artifact SHA-256 of its files
 * @param baseline version that was live when it began; null where there was none
 * @param phase {@code waiting}, {@code shadow}, {@code canary}, {@code ready}, {@code promoted}, {@code rolled-back} or {@code stopped}
 * @param step number of the share that it has, from 0
 * @param held whether a person wants nobody but a person to move it on
 * @param since the phase or the step began
 * @param stages the times between which calls were divided in one proportion, as JSON
 * @param alarms what somebody should look at, as JSON
 * @param who began it
 */
public record StoredRollout(
        UUID id,
        UUID useCaseId,
        String useCase,
        String project,
        UUID version,
        int number,
        String artifact,
        @Nullable Baseline baseline,
        String phase,
        int step,
        boolean held,
        Instant since,
        String stages,
        String alarms,
        String who,
        Instant created) {

    /** The version that it is compared with. */
    public record Baseline(UUID version, int number, String artifact) {}

    /** As users write its version: {@code use-case/number}. */
    public String reference() {
        return new VersionReference.Numbered(useCase, number).text();
    }
}
