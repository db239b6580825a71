package dev.hone.store;

import dev.hone.record.RunLog;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Stored runs of a project as people look at them. */
public final class RunList {
    private static final String SELECT = """
            SELECT r.id, u.name, v.number, r.base_model, r.examples, r.settings, r.training, r.finished, r.data_hash
              FROM run r JOIN use_case u ON u.id = r.use_case LEFT JOIN model_version v ON v.run = r.id
             WHERE u.project = ?
            """;

    private final Database database;

    public RunList(Database database) {
        this.database = database;
    }

    /**
     * A finished run.
     *
     * @param version number of the model version that it made; null where that was deleted
     * @param settings a JSON object
     * @param training how it went, a JSON object
     */
    public record Finished(
            UUID id,
            String useCase,
            @Nullable Integer version,
            String baseModel,
            int examples,
            String settings,
            String training,
            Instant finished,
            String dataHash) {}

    /** The newest first. */
    public List<Finished> all(UUID project, int most) {
        return database.inTransaction(connection ->
                Rows.list(connection, SELECT + " ORDER BY r.finished DESC LIMIT ?", RunList::finished, project, most));
    }

    /** Empty when there is none, or it belongs to another project. */
    public Optional<Finished> find(UUID project, UUID id) {
        return database.inTransaction(
                connection -> Rows.first(connection, SELECT + " AND r.id = ?", RunList::finished, project, id));
    }

    /**
     * Figures of a run's steps, in order: of a long run some of them, evenly, with the last.
     *
     * @param most that are wanted
     */
    public List<RunLog.Metric> curve(UUID run, int most) {
        return database.inTransaction(connection -> Rows.list(
                connection, """
                SELECT step, figures
                  FROM (SELECT step, figures, row_number() OVER (ORDER BY step DESC) AS back, count(*) OVER () AS steps
                          FROM metric WHERE run = ?) AS m
                 WHERE (back - 1) % ((steps + ? - 1) / ?) = 0
                 ORDER BY step
                """, row -> new RunLog.Metric(row.getLong(1), row.getString(2)), run, most, most));
    }

    /** The answers that a run tried last, the last first. */
    public List<RunLog.Tried> tried(UUID run, int most) {
        return database.inTransaction(connection -> Rows.list(
                connection,
                """
                SELECT step, task, output, reward, reason, tokens, ended FROM sample WHERE run = ? ORDER BY step DESC, place DESC LIMIT ?
                """,
                row -> new RunLog.Tried(
                        row.getLong(1),
                        row.getString(2),
                        row.getString(3),
                        row.getDouble(4),
                        row.getString(5),
                        row.getInt(6),
                        row.getString(7)),
                run,
                most));
    }

    private static Finished finished(ResultSet row) throws SQLException {
        return new Finished(
                Rows.id(row, 1),
                row.getString(2),
                row.getObject(3, Integer.class),
                row.getString(4),
                row.getInt(5),
                row.getString(6),
                row.getString(7),
                Rows.time(row, 8),
                row.getString(9));
    }
}
