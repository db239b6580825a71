package dev.hone.cli;

import dev.hone.charter.Charter;
import dev.hone.record.ModelVersion;
import dev.hone.store.Database;
import dev.hone.store.Standing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A rollout begins where a charter says how, and where its version passed the gates that the charter declares: else nobody would follow it. */
final class PromoteGuard {
    private PromoteGuard() {}

    /**
     * Checks that a version may begin.
     *
     * @param named the charter; null for the one of the use case
     * @throws IllegalArgumentException when nobody would follow it, with how to mend that
     */
    static void require(Database database, ModelVersion version, @Nullable Path named) throws IOException {
        CharterFile file = CharterFile.of(version.useCase(), named);
        Charter charter = file.charter();
        if (charter == null) {
            throw new IllegalArgumentException(
                    "There is no charter [%s] that says how [%s] is rolled out: run this where it is, name it by --charter, or --force it for a hone serve elsewhere"
                            .formatted(file.path(), version.useCase()));
        }
        if (charter.promotion() == null) {
            throw new IllegalArgumentException(
                    "[%s] has no [promote], so that no hone serve would follow the rollout: add it (docs/rollout.md)"
                            .formatted(file.path()));
        }
        Optional<String> objection = new Standing(database).objection(version, file.gates());
        if (objection.isPresent()) {
            throw new IllegalArgumentException(
                    "[%s] %s; hone gate %1$s judges it".formatted(version.reference(), objection.get()));
        }
    }
}
