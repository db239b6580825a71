package dev.hone.loop;

import dev.hone.record.ModelVersion;
import dev.hone.record.StoredRollout;
import dev.hone.store.Database;
import dev.hone.store.Rollouts;
import java.util.Optional;
import java.util.UUID;

/** Rollouts in the store, which a running {@code hone serve} finds. */
final class StoreLaunch implements Launch {
    private static final int RECENT = 20;

    private final Rollouts rollouts;

    StoreLaunch(Database database) {
        this.rollouts = new Rollouts(database);
    }

    @Override
    public String goingOn(UUID useCase) {
        return rollouts.goingOn(useCase)
                .map(rollout -> "[%s] is being rolled out (%s)".formatted(rollout.reference(), rollout.phase()))
                .orElse("");
    }

    @Override
    public String begin(ModelVersion version, String who) {
        Optional<StoredRollout> before = rollouts.list(version.useCaseId(), RECENT).stream()
                .filter(rollout -> rollout.version().equals(version.id()))
                .findFirst();
        return before.isPresent()
                ? before.get().id().toString()
                : rollouts.begin(version.useCaseId(), version.id(), who).id().toString();
    }
}
