package dev.hone.store;

import dev.hone.record.AliasChange;
import dev.hone.record.Dataset;
import dev.hone.record.DatasetLineage;
import dev.hone.record.DatasetNode;
import dev.hone.record.FeedbackCount;
import dev.hone.record.ForgottenRows;
import dev.hone.record.ModelVersion;
import dev.hone.record.Split;
import dev.hone.record.StoredRollout;
import dev.hone.record.TraceLineage;
import dev.hone.record.VersionLineage;
import dev.hone.record.VersionLineage.Pointed;
import dev.hone.record.VersionTraffic;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The chain from a trace by datasets, runs and versions to the aliases that had traffic, followed in both directions. A dataset that was rebuilt without rows
 * that were forgotten stands for what it was rebuilt from: whoever saw that saw the rows that are left.
 */
public final class Lineage {
    private static final String PLACES = """
            WITH RECURSIVE held AS (
                SELECT k.dataset, k.split, k.position FROM task t JOIN dataset_task k ON k.task = t.id WHERE t.trace = ?
                UNION
                SELECT f.dataset, h.split, NULL::integer FROM forgotten_dataset f JOIN held h ON f.rebuilt = h.dataset
            )
            SELECT held.dataset, held.split, held.position FROM held JOIN dataset d ON d.id = held.dataset ORDER BY d.created, d.id
            """;

    /** Rows of datasets that a version, or what it began with, was trained on, and that are gone since; also of what these were rebuilt as. */
    private static final String FORGOTTEN = """
            WITH RECURSIVE began AS (
                SELECT v.id, v.parent, v.run FROM model_version v WHERE v.id = ?
                UNION
                SELECT p.id, p.parent, p.run FROM model_version p JOIN began b ON p.id = b.parent
            ), held AS (
                SELECT r.dataset FROM began b JOIN run r ON r.id = b.run WHERE r.dataset IS NOT NULL
                UNION
                SELECT f.rebuilt FROM forgotten_dataset f JOIN held h ON f.dataset = h.dataset WHERE f.rebuilt IS NOT NULL
            )
            SELECT d.hash, f.train, f.validation, f.test, f.forgotten
              FROM held JOIN forgotten_dataset f ON f.dataset = held.dataset JOIN dataset d ON d.id = f.dataset
             ORDER BY f.forgotten, d.id
            """;

    private final Database database;

    public Lineage(Database database) {
        this.database = database;
    }

    /** @throws IllegalArgumentException when there is no such trace */
    public TraceLineage ofTrace(UUID trace) {
        return database.inTransaction(connection -> {
            List<TraceLineage.Place> places = new ArrayList<>();
            for (Held held : Rows.list(connection, PLACES, Lineage::held, trace)) {
                DatasetNode node = DatasetNodes.find(connection, held.dataset()).orElseThrow();
                places.add(new TraceLineage.Place(
                        node, held.split(), held.position(), DatasetNodes.sawItself(connection, held.dataset())));
            }
            List<String> copied = Rows.list(connection, """
                    SELECT DISTINCT a.model
                      FROM trace s JOIN attempt a ON a.trace = s.id
                     WHERE s.shadow_of = ? AND a.trouble IS NULL AND a.model IS NOT NULL
                     ORDER BY 1
                    """, row -> row.getString(1), trace);
            return Rows.first(
                            connection,
                            """
                            SELECT p.name, u.name, coalesce(t.occurred, t.recorded), t.variant,
                                   (SELECT a.model FROM attempt a
                                     WHERE a.trace = t.id AND a.trouble IS NULL ORDER BY a.number DESC LIMIT 1),
                                   (SELECT count(*) FROM feedback f WHERE f.trace = t.id),
                                   (SELECT count(*) FROM task k WHERE k.trace = t.id)
                              FROM trace t JOIN project p ON p.id = t.project LEFT JOIN use_case u ON u.id = t.use_case
                             WHERE t.id = ?
                            """,
                            row -> new TraceLineage(
                                    trace,
                                    row.getString(1),
                                    row.getString(2),
                                    Rows.time(row, 3),
                                    row.getString(4),
                                    row.getString(5),
                                    copied,
                                    row.getInt(6),
                                    row.getInt(7),
                                    places),
                            trace)
                    .orElseThrow(() -> new IllegalArgumentException(
                            "There is no trace [%s]: it never came, retention took it, or it was forgotten; see hone traces list"
                                    .formatted(trace)));
        });
    }

    private record Held(UUID dataset, Split split, @Nullable Integer position) {}

    private static Held held(ResultSet row) throws SQLException {
        return new Held(Rows.id(row, 1), Split.of(row.getString(2)), row.getObject(3, Integer.class));
    }

    /**
     * Of a dataset.
     *
     * @throws IllegalArgumentException when no dataset's hash begins so, or several do
     */
    public DatasetLineage ofDataset(String hashStart) {
        Dataset dataset = new Datasets(database).require(hashStart);
        return database.inTransaction(connection -> new DatasetLineage(
                DatasetNodes.find(connection, dataset.id()).orElseThrow(),
                DatasetNodes.before(connection, dataset.id()),
                DatasetNodes.rows(connection, dataset.id()),
                DatasetNodes.saw(connection, dataset.id()),
                Rows.list(
                        connection,
                        "SELECT e.content_hash FROM evaluation e JOIN dataset d ON d.use_case = e.use_case AND d.hash = e.data_hash WHERE d.id = ? ORDER BY e.id",
                        row -> row.getString(1),
                        dataset.id())));
    }

    /** Of a version. */
    public VersionLineage ofVersion(ModelVersion version) {
        ModelVersions versions = new ModelVersions(database);
        List<ModelVersion> parents = parents(version, versions);
        List<AliasChange> changes = new Aliases(database).changes(version.useCaseId());
        return database.inTransaction(connection -> {
            List<UUID> dataset = Rows.list(
                    connection,
                    "SELECT dataset FROM run WHERE id = ? AND dataset IS NOT NULL",
                    row -> Rows.id(row, 1),
                    version.runId());
            return new VersionLineage(
                    version,
                    parents,
                    Rows.list(
                            connection,
                            "SELECT u.name || '/' || v.number FROM model_version v JOIN use_case u ON u.id = v.use_case WHERE v.parent = ? ORDER BY 1",
                            row -> row.getString(1),
                            version.id()),
                    dataset.isEmpty()
                            ? null
                            : DatasetNodes.find(connection, dataset.getFirst()).orElseThrow(),
                    dataset.isEmpty() ? List.of() : DatasetNodes.rows(connection, dataset.getFirst()),
                    Evaluations.of(connection, version.id()),
                    GateVerdicts.of(connection, version.id()),
                    pointed(version, changes),
                    Rows.list(
                            connection,
                            RolloutQueries.ROLLOUTS + "WHERE r.use_case = ? AND r.version = ? ORDER BY r.id DESC",
                            RolloutQueries::rollout,
                            version.useCaseId(),
                            version.id()),
                    forgotten(connection, version.id()));
        });
    }

    private List<ModelVersion> parents(ModelVersion version, ModelVersions versions) {
        List<UUID> ids =
                database.inTransaction(connection -> Rows.list(connection, """
                WITH RECURSIVE began AS (
                    SELECT v.parent AS id, 1 AS depth FROM model_version v WHERE v.id = ?
                    UNION ALL
                    SELECT p.parent, b.depth + 1 FROM model_version p JOIN began b ON p.id = b.id
                )
                SELECT id FROM began WHERE id IS NOT NULL ORDER BY depth
                """, row -> Rows.id(row, 1), version.id()));
        return ids.stream().map(versions::of).toList();
    }

    /** The newest rollout of each of some versions, by version; nothing of those that had none. */
    public Map<UUID, StoredRollout> rollouts(List<ModelVersion> versions) {
        Map<UUID, StoredRollout> newest = new HashMap<>();
        database.inTransaction(connection -> Rows.list(
                        connection,
                        RolloutQueries.ROLLOUTS + """
                        WHERE r.use_case = ANY (?) AND r.version = ANY (?)
                          AND NOT EXISTS (SELECT FROM rollout n WHERE n.use_case = r.use_case AND n.version = r.version AND n.id > r.id)
                        """,
                        RolloutQueries::rollout,
                        Traces.array(connection, "uuid", versions, ModelVersion::useCaseId),
                        Traces.array(connection, "uuid", versions, ModelVersion::id)))
                .forEach(rollout -> newest.put(rollout.version(), rollout));
        return newest;
    }

    /**
     * Calls that a version answered.
     *
     * @param longest for which they are counted; days that there is no time for are named
     */
    public VersionTraffic traffic(ModelVersion version, Duration longest) {
        return new AnsweredCalls(database, version).within(longest);
    }

    /**
     * What came back on the traces that a dataset's rows were made of.
     *
     * @param longest for which it is counted; empty where that is not enough
     */
    public Optional<FeedbackCount> feedback(DatasetNode dataset, Duration longest) {
        return database.within(longest, connection -> DatasetNodes.feedback(connection, dataset.id()));
    }

    /** Rows that a version saw, and that were forgotten since. */
    public List<ForgottenRows> forgotten(UUID version) {
        return database.inTransaction(connection -> forgotten(connection, version));
    }

    static List<ForgottenRows> forgotten(Connection connection, UUID version) throws SQLException {
        return Rows.list(
                connection,
                FORGOTTEN,
                row -> new ForgottenRows(
                        row.getString(1), row.getInt(2), row.getInt(3), row.getInt(4), Rows.time(row, 5)),
                version);
    }

    /** @param changes of the use case, the newest first */
    private static List<Pointed> pointed(ModelVersion version, List<AliasChange> changes) {
        Map<String, Instant> ends = new HashMap<>();
        List<Pointed> pointed = new ArrayList<>();
        for (AliasChange change : changes) {
            Instant to = ends.get(change.alias());
            if (Integer.valueOf(version.number()).equals(change.after())) {
                pointed.add(new Pointed(change.alias(), change.changed(), to, change.who()));
            }
            ends.put(change.alias(), change.changed());
        }
        return pointed.reversed();
    }
}
