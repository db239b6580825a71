package dev.hone.store;

import dev.hone.record.AuditEntry;
import dev.hone.record.ConfigurationText;
import dev.hone.record.ModelVersion;
import dev.hone.record.VersionReference;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiPredicate;

/**
 * Deletes model versions that nothing uses. Reports, verdicts, runs and the history of aliases stay, and the number is never given again.
 */
public final class VersionRemoval {
    /** A rollout in one of these is over. */
    private static final String OVER = "('promoted', 'rolled-back', 'stopped')";

    private final Database database;
    private final BiPredicate<ConfigurationText, ModelVersion> serve;

    /** @param serve whether files that a gateway follows serve a version by its number */
    public VersionRemoval(Database database, BiPredicate<ConfigurationText, ModelVersion> serve) {
        this.database = database;
        this.serve = serve;
    }

    /** Why a version must not go, each with how to mend it; empty where it may. */
    public List<String> uses(ModelVersion version) {
        return database.inTransaction(connection -> uses(connection, version));
    }

    List<String> uses(Connection connection, ModelVersion version) throws SQLException {
        List<String> uses = new ArrayList<>();
        for (String alias : version.aliases()) {
            uses.add("[%1$s@%2$s] points at it: hone models remove-alias %1$s@%2$s, or point it at another"
                    .formatted(version.useCase(), alias));
        }
        for (String child : Rows.list(
                connection,
                "SELECT u.name || '/' || v.number FROM model_version v JOIN use_case u ON u.id = v.use_case WHERE v.parent = ? ORDER BY 1",
                row -> row.getString(1),
                version.id())) {
            uses.add("[%1$s] began with it and stands on its files: hone models delete %1$s first".formatted(child));
        }
        for (String phase : rollouts(connection, version.id())) {
            uses.add("a rollout of [%s] that is in [%s] uses it: let it end, or stop it"
                    .formatted(version.useCase(), phase));
        }
        if (isMadeByRound(connection, version)) {
            uses.add(
                    "a round of the loop that goes on has made it: hone loop %1$s goes on with it, hone loop %1$s --abandon gives it up"
                            .formatted(version.useCase()));
        }
        for (Configurations.Stored one : Configurations.inForce(connection)) {
            if (serve.test(one.text(), version)) {
                uses.add(
                        "[models] of the hone.yaml that a gateway followed last serves [%s] (hone configuration %s): take it out there, and let hone serve read it; of a gateway that is gone it counts for [%d] days, and where that was the last one, until another is begun"
                                .formatted(
                                        version.reference(),
                                        one.text().hash().substring(0, 12),
                                        Configurations.GONE.toDays()));
            }
        }
        return uses;
    }

    private static boolean isMadeByRound(Connection connection, ModelVersion version) throws SQLException {
        return Rows.first(connection, """
                        SELECT 1 FROM loop_round r JOIN loop_step s ON s.round = r.id
                         WHERE r.use_case = ? AND r.ended IS NULL AND s.step = 'registration' AND s.result ->> 'number' = ?
                        """, row -> true, version.useCaseId(), String.valueOf(version.number()))
                .isPresent();
    }

    /** Phases of the rollouts that are not over and serve the version or compare with it. */
    private static List<String> rollouts(Connection connection, UUID version) throws SQLException {
        List<String> columns = Rows.list(connection, """
                SELECT attname FROM pg_attribute
                 WHERE attrelid = to_regclass('rollout') AND attnum > 0 AND NOT attisdropped AND attname IN ('version', 'baseline')
                 ORDER BY attname DESC
                """, row -> row.getString(1));
        List<String> phases = new ArrayList<>();
        for (String column : columns) {
            phases.addAll(Rows.list(
                    connection,
                    "SELECT phase FROM rollout WHERE %s = ? AND phase NOT IN %s".formatted(column, OVER),
                    row -> row.getString(1),
                    version));
        }
        return phases;
    }

    /**
     * Deletes one. Whoever points an alias at it, or trains on from it, meanwhile waits, and is refused.
     *
     * @param who deletes
     * @throws IllegalArgumentException when there is none, or it is in use, with all reasons
     */
    public ModelVersion delete(VersionReference reference, String who) {
        return database.inTransaction(connection -> {
            ModelVersion version = ModelVersions.require(connection, reference);
            // The use case first, as aliases and new versions do.
            UUID project = Rows.first(
                            connection,
                            "SELECT project FROM use_case WHERE id = ? FOR UPDATE",
                            row -> Rows.id(row, 1),
                            version.useCaseId())
                    .orElseThrow();
            Rows.first(connection, "SELECT 1 FROM model_version WHERE id = ? FOR UPDATE", row -> true, version.id());
            ModelVersion locked = ModelVersions.require(connection, numbered(reference, version));
            List<String> uses = uses(connection, locked);
            if (!uses.isEmpty()) {
                throw new IllegalArgumentException(
                        "[%s] is in use and stays: %s".formatted(locked.reference(), String.join("; ", uses)));
            }
            Rows.change(connection, "DELETE FROM evaluation_version WHERE version = ?", locked.id());
            Rows.change(connection, "DELETE FROM model_version WHERE id = ?", locked.id());
            AuditLog.add(
                    connection,
                    AuditEntry.now(
                            who, project, "version.delete", locked.reference(), Map.of("artifact", locked.artifact())));
            return locked;
        });
    }

    private static VersionReference numbered(VersionReference reference, ModelVersion version) {
        return new VersionReference.Numbered(reference.project(), version.useCase(), version.number());
    }
}
