package dev.hone.store;

import dev.hone.record.DatasetLineage;
import dev.hone.record.DatasetNode;
import dev.hone.record.FeedbackCount;
import dev.hone.record.ForgottenRows;
import dev.hone.record.Saw;
import dev.hone.record.Split;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Datasets in a lineage: what they were rebuilt from and as, and what they went into. */
final class DatasetNodes {
    private static final String SELECT = """
            SELECT d.id, u.name, d.hash, d.created,
                   (SELECT count(*) FROM dataset_task k WHERE k.dataset = d.id AND k.split = 'train'),
                   (SELECT count(*) FROM dataset_task k WHERE k.dataset = d.id AND k.split = 'validation'),
                   (SELECT count(*) FROM dataset_task k WHERE k.dataset = d.id AND k.split = 'test'),
                   (SELECT r.hash FROM dataset r WHERE r.id = f.rebuilt), f.train, f.validation, f.test, f.forgotten
              FROM dataset d JOIN use_case u ON u.id = d.use_case LEFT JOIN forgotten_dataset f ON f.dataset = d.id
            """;

    /** A dataset and all that it was rebuilt from: whoever saw one of these saw its rows. */
    static final String WITH_THOSE_BEFORE = """
            before AS (
                SELECT ?::uuid AS dataset, 0 AS depth
                UNION
                SELECT f.dataset, b.depth + 1 FROM forgotten_dataset f JOIN before b ON f.rebuilt = b.dataset
            )""";

    /** Versions that were trained on one of these, and those that began with such a version. */
    private static final String SAW = """
            , saw AS (
                SELECT v.id, NULL::uuid AS through
                  FROM model_version v JOIN run r ON r.id = v.run
                 WHERE r.dataset IN (SELECT dataset FROM before)
                UNION
                SELECT c.id, s.id FROM model_version c JOIN saw s ON c.parent = s.id
            )
            SELECT u.name || '/' || v.number, coalesce((SELECT tu.name || '/' || t.number
                                                          FROM model_version t JOIN use_case tu ON tu.id = t.use_case
                                                         WHERE t.id = saw.through), ''),
                   ARRAY(SELECT a.name FROM alias a WHERE a.use_case = v.use_case AND a.version = v.id ORDER BY a.name),
                   (SELECT r.phase FROM rollout r WHERE r.use_case = v.use_case AND r.version = v.id ORDER BY r.id DESC LIMIT 1)
              FROM saw JOIN model_version v ON v.id = saw.id JOIN use_case u ON u.id = v.use_case
             ORDER BY u.name, v.number, 2
            """;

    private static final String FEEDBACK = """
            SELECT f.kind, count(*), count(DISTINCT f.trace)
              FROM (SELECT DISTINCT t.trace FROM dataset_task k JOIN task t ON t.id = k.task WHERE k.dataset = ?) AS made
              JOIN feedback_in_force f ON f.trace = made.trace
             GROUP BY GROUPING SETS ((f.kind), ())
            """;

    private DatasetNodes() {}

    static Optional<DatasetNode> find(Connection connection, UUID dataset) throws SQLException {
        return Rows.first(connection, SELECT + "WHERE d.id = ?", DatasetNodes::node, dataset);
    }

    /** Those that a dataset was rebuilt from, the nearest first. */
    static List<DatasetNode> before(Connection connection, UUID dataset) throws SQLException {
        List<UUID> ids = Rows.list(
                connection,
                "WITH RECURSIVE " + WITH_THOSE_BEFORE
                        + " SELECT dataset FROM before WHERE depth > 0 GROUP BY dataset ORDER BY min(depth), dataset",
                row -> Rows.id(row, 1),
                dataset);
        List<DatasetNode> nodes = new ArrayList<>();
        for (UUID id : ids) {
            find(connection, id).ifPresent(nodes::add);
        }
        return nodes;
    }

    /** Versions that saw the rows that a dataset has, or had last: those of what it was rebuilt from as well. */
    static List<Saw> saw(Connection connection, UUID dataset) throws SQLException {
        return saw(connection, "WITH RECURSIVE " + WITH_THOSE_BEFORE + SAW, dataset);
    }

    /** Versions of this very dataset. */
    static List<Saw> sawItself(Connection connection, UUID dataset) throws SQLException {
        return saw(connection, "WITH RECURSIVE before AS (SELECT ?::uuid AS dataset)" + SAW, dataset);
    }

    private static List<Saw> saw(Connection connection, String sql, UUID dataset) throws SQLException {
        return Rows.list(
                connection,
                sql,
                row -> new Saw(
                        row.getString(1),
                        row.getString(2),
                        List.of((String[]) row.getArray(3).getArray()),
                        row.getString(4)),
                dataset);
    }

    /** What a dataset's rows were made of; training first, test last. */
    static List<DatasetLineage.Row> rows(Connection connection, UUID dataset) throws SQLException {
        return Rows.list(
                connection,
                """
                SELECT k.split, k.position, t.trace
                  FROM dataset_task k JOIN task t ON t.id = k.task
                 WHERE k.dataset = ?
                 ORDER BY array_position(ARRAY['train', 'validation', 'test'], k.split), k.position
                """,
                row -> new DatasetLineage.Row(Split.of(row.getString(1)), row.getInt(2), Rows.id(row, 3)),
                dataset);
    }

    /** What came back on the traces that a dataset's rows were made of. */
    static FeedbackCount feedback(Connection connection, UUID dataset) throws SQLException {
        Map<String, Long> kinds = new HashMap<>();
        long traces = 0;
        for (Given given : Rows.list(connection, FEEDBACK, DatasetNodes::given, dataset)) {
            if (given.kind() == null) {
                traces = given.traces();
            } else {
                kinds.put(given.kind(), given.count());
            }
        }
        return new FeedbackCount(traces, kinds);
    }

    /** @param kind null of all kinds */
    private record Given(@Nullable String kind, long count, long traces) {}

    private static Given given(ResultSet row) throws SQLException {
        return new Given(row.getString(1), row.getLong(2), row.getLong(3));
    }

    private static DatasetNode node(ResultSet row) throws SQLException {
        String hash = row.getString(3);
        Instant when = Rows.timeOrNull(row, 12);
        return new DatasetNode(
                Rows.id(row, 1),
                row.getString(2),
                hash,
                Rows.time(row, 4),
                row.getInt(5),
                row.getInt(6),
                row.getInt(7),
                row.getString(8),
                when == null ? null : new ForgottenRows(hash, row.getInt(9), row.getInt(10), row.getInt(11), when));
    }
}
