package dev.hone.cli;

import dev.hone.charter.FollowedFiles;
import dev.hone.record.AuditEntry;
import dev.hone.record.GateVerdict;
import dev.hone.record.ModelVersion;
import dev.hone.record.VersionReference;
import dev.hone.store.AuditLog;
import dev.hone.store.Configurations;
import dev.hone.store.Database;
import dev.hone.store.GateVerdicts;
import dev.hone.store.Lineage;
import dev.hone.store.ModelVersions;
import dev.hone.store.Rollouts;
import dev.hone.store.Standing;
import dev.hone.store.UseCases;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What stands between a version that its gates did not pass and the alias that has the traffic. */
final class LiveGuard {
    private static final List<String> SAID = List.of(Rollouts.LIVE, Rollouts.CANDIDATE);

    private final Database database;
    private final @Nullable Path charter;

    /** @param charter that may declare gates; null for the one of the use case, where there is one */
    LiveGuard(Database database, @Nullable Path charter) {
        this.database = database;
        this.charter = charter;
    }

    /**
     * Refuses to make a version live that the gates did not pass, and says on standard error what else somebody should know.
     *
     * @param force whether it is made live all the same, which the audit log has then
     * @throws IllegalArgumentException when it must not be live
     */
    void check(VersionReference reference, String alias, boolean force) throws IOException {
        if (!SAID.contains(alias)) {
            return;
        }
        ModelVersion version = new ModelVersions(database).require(reference);
        if (!new Lineage(database).forgotten(version.id()).isEmpty()) {
            System.err.printf(
                    "hone: [%s] saw rows that were forgotten: hone lineage %1$s; train anew on what was rebuilt%n",
                    version.reference());
        }
        if (!alias.equals(Rollouts.LIVE) || version.aliases().contains(Rollouts.LIVE)) {
            return;
        }
        Optional<GateVerdict> last = new GateVerdicts(database).last(version.id());
        CharterFile file = CharterFile.of(version.useCase(), charter);
        if (charter != null && file.charter() == null) {
            throw new IllegalArgumentException("There is no charter [%s]".formatted(charter));
        }
        Optional<String> objection = objection(version, file.gates());
        if (objection.isEmpty()) {
            return;
        }
        String said;
        if (last.isEmpty()) {
            said = "no gate has judged [%s]".formatted(version.reference());
        } else if (last.get().passed()) {
            said = "[%s] %s".formatted(version.reference(), objection.get());
        } else {
            said = "the gates judged [%s] on %s, and it did not pass"
                    .formatted(
                            version.reference(), last.get().created().toString().substring(0, 10));
        }
        boolean elsewhere = file.charter() == null && isGated(version);
        if (last.isEmpty() && file.gates() == null && !elsewhere) {
            System.err.printf("hone: %s, since [%s] declares none%n", said, version.useCase());
        } else if (!force) {
            throw new IllegalArgumentException(
                    "%s, so that it gets no traffic: hone gate %s says what to mend%s; --force makes it live all the same"
                            .formatted(
                                    said,
                                    version.reference(),
                                    elsewhere
                                            ? ", where the charter of [%s] is (there is no [%s] here), or with --charter"
                                                    .formatted(version.useCase(), file.path())
                                            : ""));
        } else {
            System.err.printf("hone: %s, and it is made live by force%n", said);
            new AuditLog(database)
                    .add(AuditEntry.now(
                            ModelsCommand.who(),
                            new UseCases(database).projectOf(version.useCaseId()),
                            "alias.force",
                            version.reference(),
                            Map.of("alias", alias)));
        }
    }

    /** What had the calls before may have them again, whomever it was compared with then. */
    private Optional<String> objection(ModelVersion version, @Nullable String gates) {
        Standing standing = new Standing(database);
        return version.aliases().contains(Rollouts.PREVIOUS)
                ? standing.objection(version.id())
                : standing.objection(version, gates);
    }

    /** Whether the use case has gates, as far as anybody knows who has not its charter: they judged one of its versions, or a gateway follows a charter that has some. */
    private boolean isGated(ModelVersion version) {
        return new Standing(database).isJudged(version.useCaseId())
                || new Configurations(database)
                        .inForce().stream().anyMatch(stored -> FollowedFiles.gate(stored.text(), version.useCase()));
    }
}
