package dev.hone.store;

import dev.hone.record.StoredRollout;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** What {@link Rollouts} asks within its transactions. */
final class RolloutQueries {
    static final String GOING_ON = "phase IN ('waiting', 'shadow', 'canary', 'ready')";
    static final String ROLLOUTS = """
            SELECT r.id, r.use_case, u.name, p.name, r.version, r.number, r.artifact, r.baseline, r.baseline_number, r.baseline_artifact,
                   r.phase, r.step, r.held, r.since, r.stages, r.alarms, r.who, r.created
              FROM rollout r JOIN use_case u ON u.id = r.use_case JOIN project p ON p.id = u.project
            """;

    private RolloutQueries() {}

    /** A version, as far as traffic needs to know it. */
    record Known(UUID id, int number, String artifact) {}

    static String lock(Connection connection, UUID useCase) throws SQLException {
        return Rows.first(
                        connection,
                        "SELECT name FROM use_case WHERE id = ? FOR UPDATE",
                        row -> row.getString(1),
                        useCase)
                .orElseThrow(() -> new IllegalArgumentException("There is no use case [%s]".formatted(useCase)));
    }

    static Optional<Known> version(Connection connection, UUID useCase, UUID version) throws SQLException {
        return Rows.first(
                connection,
                "SELECT id, number, artifact FROM model_version WHERE use_case = ? AND id = ?",
                RolloutQueries::known,
                useCase,
                version);
    }

    static Optional<Known> aliased(Connection connection, UUID useCase, String alias) throws SQLException {
        return Rows.first(connection, """
                SELECT v.id, v.number, v.artifact
                  FROM alias a JOIN model_version v ON v.id = a.version
                 WHERE a.use_case = ? AND a.name = ?
                """, RolloutQueries::known, useCase, alias);
    }

    private static Known known(ResultSet row) throws SQLException {
        return new Known(Rows.id(row, 1), row.getInt(2), row.getString(3));
    }

    /** By the database's clock, which is the same for all. */
    static Instant now(Connection connection) throws SQLException {
        return Rows.first(connection, "SELECT clock_timestamp()", row -> Rows.time(row, 1))
                .orElseThrow();
    }

    static Optional<StoredRollout> goingOn(Connection connection, UUID useCase) throws SQLException {
        return Rows.first(
                connection, ROLLOUTS + "WHERE r.use_case = ? AND " + GOING_ON, RolloutQueries::rollout, useCase);
    }

    static Optional<StoredRollout> find(Connection connection, UUID id) throws SQLException {
        return Rows.first(connection, ROLLOUTS + "WHERE r.id = ?", RolloutQueries::rollout, id);
    }

    static StoredRollout rollout(ResultSet row) throws SQLException {
        UUID baseline = row.getObject(8, UUID.class);
        return new StoredRollout(
                Rows.id(row, 1),
                Rows.id(row, 2),
                row.getString(3),
                row.getString(4),
                Rows.id(row, 5),
                row.getInt(6),
                row.getString(7),
                baseline == null ? null : new StoredRollout.Baseline(baseline, row.getInt(9), row.getString(10)),
                row.getString(11),
                row.getInt(12),
                row.getBoolean(13),
                Rows.time(row, 14),
                row.getString(15),
                row.getString(16),
                row.getString(17),
                Rows.time(row, 18));
    }
}
