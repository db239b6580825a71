package dev.hone.store;

import dev.hone.record.Ids;
import dev.hone.record.StoredEvaluation;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reports, and which model versions each of them judges. */
public final class Evaluations {
    private final Database database;

    public Evaluations(Database database) {
        this.database = database;
    }

    /**
     * Stores a report for the versions that it judges, wholly or not at all; what is there already is left as it is.
     *
     * @param report a JSON object, kept as it is written
     * @param dataHash of what was judged on
     * @param grader the definition of good; null when it is not known
     * @param versions of the same use case
     * @return whether the report was new
     */
    public boolean add(
            UUID useCase, String report, String dataHash, long seed, @Nullable UUID grader, List<UUID> versions) {
        return database.inTransaction(connection -> {
            boolean added = insert(connection, useCase, report, dataHash, seed, grader);
            try (PreparedStatement link = connection.prepareStatement("""
                    INSERT INTO evaluation_version (use_case, evaluation, version)
                    SELECT e.use_case, e.id, version
                      FROM evaluation e, unnest(?::uuid[]) AS version
                     WHERE e.use_case = ? AND e.content_hash = encode(sha256(convert_to(?, 'UTF8')), 'hex')
                    ON CONFLICT DO NOTHING
                    """)) {
                link.setArray(1, Traces.array(connection, "uuid", versions, version -> version));
                link.setObject(2, useCase);
                link.setString(3, report);
                link.executeUpdate();
            }
            return added;
        });
    }

    private static boolean insert(
            Connection connection, UUID useCase, String report, String dataHash, long seed, @Nullable UUID grader)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("""
                INSERT INTO evaluation (id, use_case, content_hash, data_hash, seed, grader, report)
                VALUES (?, ?, encode(sha256(convert_to(?, 'UTF8')), 'hex'), ?, ?, ?, ?::json)
                ON CONFLICT (use_case, content_hash) DO NOTHING
                """)) {
            insert.setObject(1, Ids.next());
            insert.setObject(2, useCase);
            insert.setString(3, report);
            insert.setString(4, dataHash);
            insert.setLong(5, seed);
            insert.setObject(6, grader);
            insert.setString(7, report);
            return insert.executeUpdate() > 0;
        }
    }

    /** Numbers of the versions that a report judges. */
    public List<Integer> numbers(UUID evaluation) {
        return database.inTransaction(connection -> Rows.list(
                connection,
                "SELECT v.number FROM evaluation_version e JOIN model_version v ON v.id = e.version WHERE e.evaluation = ? ORDER BY v.number",
                row -> row.getInt(1),
                evaluation));
    }

    /** The newest report that judges a version: reports may be megabytes. */
    public Optional<StoredEvaluation> newest(UUID version) {
        return database.inTransaction(connection -> of(connection, version, "LIMIT 1")).stream()
                .findFirst();
    }

    /** The reports that judge a version, the newest first. */
    public List<StoredEvaluation> of(UUID version) {
        return database.inTransaction(connection -> of(connection, version));
    }

    static List<StoredEvaluation> of(Connection connection, UUID version) throws SQLException {
        return of(connection, version, "");
    }

    /** @param bound how many, in SQL; empty for all */
    private static List<StoredEvaluation> of(Connection connection, UUID version, String bound) throws SQLException {
        return Rows.list(
                connection,
                """
                SELECT e.id, e.content_hash, e.data_hash, e.seed, g.name, e.report, e.created
                  FROM evaluation_version v
                  JOIN evaluation e ON e.id = v.evaluation
                  LEFT JOIN grader g ON g.id = e.grader
                 WHERE v.version = ?
                 ORDER BY e.id DESC
                """ + bound,
                row -> new StoredEvaluation(
                        Rows.id(row, 1),
                        row.getString(2),
                        row.getString(3),
                        row.getLong(4),
                        row.getString(5),
                        row.getString(6),
                        Rows.time(row, 7)),
                version);
    }
}
