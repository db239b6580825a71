package dev.hone.cli;

import dev.hone.charter.FollowedFiles;
import dev.hone.record.GateVerdict;
import dev.hone.record.ModelVersion;
import dev.hone.record.VersionReference;
import dev.hone.store.Configurations;
import dev.hone.store.Database;
import dev.hone.store.GateVerdicts;
import dev.hone.store.Lineage;
import dev.hone.store.ModelVersions;
import dev.hone.store.Rollouts;
import dev.hone.store.Standing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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
     * @param force whether it is made live all the same
     * @return whether that takes force
     * @throws IllegalArgumentException when it must not be live
     */
    boolean check(VersionReference reference, String alias, boolean force) throws IOException {
        if (!SAID.contains(alias)) {
            return false;
        }
        ModelVersion version = new ModelVersions(database).require(reference);
        if (!new Lineage(database).forgotten(version.id()).isEmpty()) {
            System.err.printf(
                    "hone: [%s] saw rows that were forgotten: hone lineage %1$s; train anew on what was rebuilt%n",
                    version.reference());
        }
        if (!alias.equals(Rollouts.LIVE) || !force && version.aliases().contains(Rollouts.LIVE)) {
            return false;
        }
        Optional<GateVerdict> last = new GateVerdicts(database).last(version.id());
        CharterFile file = CharterFile.of(version.useCase(), charter);
        if (charter != null && file.charter() == null) {
            throw new IllegalArgumentException("There is no charter [%s]".formatted(charter));
        }
        Optional<String> objection = objection(version, file.gates());
        if (objection.isEmpty()) {
            if (last.isPresent() && !last.get().passed()) {
                System.err.printf(
                        "hone: the gates judged [%s] last on %s, and it did not pass; it was live before, and had passed%n",
                        version.reference(), day(last.get()));
            }
            return false;
        }
        boolean previous = version.aliases().contains(Rollouts.PREVIOUS);
        String said;
        if (last.isEmpty()) {
            said = "no gate has judged [%s]".formatted(version.reference());
        } else if (previous || last.get().passed()) {
            said = "[%s] %s".formatted(version.reference(), objection.get());
        } else {
            said = "the gates judged [%s] on %s, and it did not pass".formatted(version.reference(), day(last.get()));
        }
        boolean elsewhere = file.charter() == null && isGated(version);
        if (!force && last.isEmpty() && file.gates() == null && !elsewhere) {
            System.err.printf("hone: %s, since [%s] declares none%n", said, version.useCase());
            return false;
        }
        if (!force) {
            throw new IllegalArgumentException(
                    "%s, so that it gets no traffic: hone gate %s says what to mend%s; --force makes it live all the same%s"
                            .formatted(
                                    said,
                                    version.reference(),
                                    elsewhere
                                            ? ", where the charter of [%s] is (there is no [%s] here), or with --charter"
                                                    .formatted(version.useCase(), file.path())
                                            : "",
                                    previous
                                            ? ", and hone canary stop %s --live leaves the calls to those whom the charter names"
                                                    .formatted(version.useCase())
                                            : ""));
        }
        System.err.printf("hone: %s, and it is made live by force%n", said);
        return true;
    }

    private static String day(GateVerdict verdict) {
        return verdict.created().toString().substring(0, 10);
    }

    /** What was live before may be so again, whomever it was compared with then and since. */
    private Optional<String> objection(ModelVersion version, @Nullable String gates) {
        Standing standing = new Standing(database);
        if (version.aliases().contains(Rollouts.LIVE)) {
            return standing.objection(version.id());
        }
        return version.aliases().contains(Rollouts.PREVIOUS)
                ? standing.objectionToReturn(version.id())
                : standing.objection(version, gates);
    }

    /** Whether the use case has gates, as far as anybody knows who has not its charter: they judged one of its versions, or a gateway follows a charter that has some. */
    private boolean isGated(ModelVersion version) {
        return new Standing(database).isJudged(version.useCaseId())
                || new Configurations(database)
                        .inForce().stream().anyMatch(stored -> FollowedFiles.gate(stored.text(), version.useCase()));
    }
}
