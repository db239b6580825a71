package dev.hone.store;

import dev.hone.record.StoredEvaluation;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Stored reports of a project as people look at them. */
public final class EvaluationList {
    private static final String FROM = """
            ,
                   array(SELECT v.number FROM evaluation_version ev JOIN model_version v ON v.id = ev.version
                          WHERE ev.evaluation = e.id ORDER BY v.number)
              FROM evaluation e JOIN use_case u ON u.id = e.use_case LEFT JOIN grader g ON g.id = e.grader
             WHERE u.project = ?
            """;
    private static final String LISTED = """
            e.id, u.name, e.created, g.name, e.report #> '{contenders}', e.report #>> '{verdict,choice}'""" + FROM;

    private final Database database;

    public EvaluationList(Database database) {
        this.database = database;
    }

    /** @param versions numbers of the use case's model versions that it judges */
    public record Judged(String useCase, List<Integer> versions, StoredEvaluation evaluation) {}

    /**
     * What a list shows of one; reports have parts that are much longer.
     *
     * @param versions numbers of the use case's model versions that it judges
     * @param contenders of the report, as JSON; null where it has none
     * @param choice of the report's verdict; null where it has none
     */
    public record Listed(
            UUID id,
            String useCase,
            List<Integer> versions,
            Instant created,
            @Nullable String grader,
            @Nullable String contenders,
            @Nullable String choice) {}

    /** The newest first. */
    public List<Listed> all(UUID project, int most) {
        return database.inTransaction(connection -> Rows.list(
                connection, "SELECT " + LISTED + " ORDER BY e.id DESC LIMIT ?", EvaluationList::listed, project, most));
    }

    /** Those that judge a version, the newest first. */
    public List<Listed> of(UUID project, UUID version) {
        return database.inTransaction(connection -> Rows.list(
                connection,
                "SELECT " + LISTED
                        + " AND EXISTS (SELECT FROM evaluation_version j WHERE j.evaluation = e.id AND j.version = ?) ORDER BY e.id DESC",
                EvaluationList::listed,
                project,
                version));
    }

    /** The newest of each use case. */
    public List<Listed> newest(UUID project) {
        return database.inTransaction(connection -> Rows.list(
                connection,
                "SELECT DISTINCT ON (e.use_case) " + LISTED + " ORDER BY e.use_case, e.id DESC",
                EvaluationList::listed,
                project));
    }

    /** The newest of each use case that has a verdict: those of the loop compare versions, and have none. */
    public List<Listed> newestWithVerdict(UUID project) {
        return database.inTransaction(connection -> Rows.list(
                connection,
                "SELECT DISTINCT ON (e.use_case) " + LISTED
                        + " AND e.report #>> '{verdict,choice}' IS NOT NULL ORDER BY e.use_case, e.id DESC",
                EvaluationList::listed,
                project));
    }

    /** Empty when there is none, or it belongs to another project. */
    public Optional<Judged> find(UUID project, UUID id) {
        return database.inTransaction(connection -> Rows.first(
                connection,
                "SELECT e.id, e.content_hash, e.data_hash, e.seed, g.name, e.report, e.created, u.name" + FROM
                        + " AND e.id = ?",
                EvaluationList::judged,
                project,
                id));
    }

    private static Listed listed(ResultSet row) throws SQLException {
        return new Listed(
                Rows.id(row, 1),
                row.getString(2),
                List.of((Integer[]) row.getArray(7).getArray()),
                Rows.time(row, 3),
                row.getString(4),
                row.getString(5),
                row.getString(6));
    }

    private static Judged judged(ResultSet row) throws SQLException {
        return new Judged(
                row.getString(8),
                List.of((Integer[]) row.getArray(9).getArray()),
                new StoredEvaluation(
                        Rows.id(row, 1),
                        row.getString(2),
                        row.getString(3),
                        row.getLong(4),
                        row.getString(5),
                        row.getString(6),
                        Rows.time(row, 7)));
    }
}
