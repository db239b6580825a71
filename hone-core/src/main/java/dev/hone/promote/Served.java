package dev.hone.promote;

import dev.hone.record.ModelVersion;
import dev.hone.record.StoredRollout;
import dev.hone.record.VersionReference;
import java.util.UUID;

/**
 * A version of Hone's own, as far as traffic needs to know it.
 *
 * @param useCase by its name
 * @param artifact SHA-256 of its files: what is served has this, or is not served
 */
public record Served(String useCase, UUID version, int number, String artifact) {
    public static Served of(ModelVersion version) {
        return new Served(version.useCase(), version.id(), version.number(), version.artifact());
    }

    static Served of(StoredRollout rollout) {
        return new Served(rollout.useCase(), rollout.version(), rollout.number(), rollout.artifact());
    }

    /** As users write it, and what its server and model are called: no call can name it. */
    public String reference() {
        return new VersionReference.Numbered(useCase, number).text();
    }
}
