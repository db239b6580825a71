package dev.hone.store;

import dev.hone.record.Dataset;
import dev.hone.record.DatasetTask;
import dev.hone.record.Ids;
import dev.hone.record.Split;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Frozen datasets. */
public final class Datasets {
    private static final int BATCH = 1000;
    private static final String COLUMNS = """
            SELECT d.id, u.name, d.hash, d.settings, d.counts, d.created FROM dataset d JOIN use_case u ON u.id = d.use_case
            """;

    private final Database database;

    public Datasets(Database database) {
        this.database = database;
    }

    /**
     * Freezes a dataset, wholly or not at all; one with the same hash is left as it is.
     *
     * @param settings a JSON object
     * @param counts a JSON object
     */
    public Dataset freeze(UUID useCase, String hash, String settings, String counts, List<DatasetTask> tasks) {
        return database.inTransaction(connection -> {
            UUID id = Ids.next();
            if (insert(connection, id, useCase, hash, settings, counts)) {
                for (int from = 0; from < tasks.size(); from += BATCH) {
                    insertTasks(connection, id, useCase, tasks.subList(from, Math.min(from + BATCH, tasks.size())));
                }
            }
            Dataset frozen = list(connection, COLUMNS + "WHERE d.use_case = ? AND d.hash = ?", useCase, hash)
                    .getFirst();
            requireKept(connection, frozen);
            return frozen;
        });
    }

    /** What was forgotten does not come back under its old hash, though somebody imported it again. */
    private static void requireKept(Connection connection, Dataset dataset) throws SQLException {
        if (Rows.first(connection, "SELECT 1 FROM forgotten_dataset WHERE dataset = ?", row -> true, dataset.id())
                .isPresent()) {
            throw new IllegalArgumentException(
                    "The dataset [%s] of [%s] would have again the rows that were forgotten (hone lineage %s): leave them out of what is imported, or forget them again"
                            .formatted(
                                    dataset.hash().substring(0, 12),
                                    dataset.useCase(),
                                    dataset.hash().substring(0, 12)));
        }
    }

    /** The dataset that rows were forgotten of, and whose hash, or that of its training file, was this; empty where there is none. */
    public Optional<UUID> forgotten(UUID useCase, String dataHash) {
        return database.inTransaction(
                connection -> Rows.first(connection, """
                SELECT d.id FROM forgotten_dataset f JOIN dataset d ON d.id = f.dataset
                 WHERE d.use_case = ? AND ? IN (d.hash, f.training_file)
                 ORDER BY d.id DESC LIMIT 1
                """, row -> Rows.id(row, 1), useCase, dataHash));
    }

    /** What is left of a dataset, of which rows may have been forgotten: itself where none were; empty where nothing is left. */
    public Optional<Dataset> left(Dataset dataset) {
        return database.inTransaction(connection -> {
            UUID at = dataset.id();
            while (true) {
                List<Optional<UUID>> rebuilt = Rows.list(
                        connection,
                        "SELECT rebuilt FROM forgotten_dataset WHERE dataset = ?",
                        row -> Optional.ofNullable(row.getObject(1, UUID.class)),
                        at);
                if (rebuilt.isEmpty()) {
                    return list(connection, COLUMNS + "WHERE d.id = ?", at).stream()
                            .findFirst();
                }
                if (rebuilt.getFirst().isEmpty()) {
                    return Optional.<Dataset>empty();
                }
                at = rebuilt.getFirst().get();
            }
        });
    }

    private static boolean insert(
            Connection connection, UUID id, UUID useCase, String hash, String settings, String counts)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("""
                INSERT INTO dataset (id, use_case, hash, settings, counts) VALUES (?, ?, ?, ?::jsonb, ?::jsonb)
                ON CONFLICT (use_case, hash) DO NOTHING
                """)) {
            insert.setObject(1, id);
            insert.setObject(2, useCase);
            insert.setString(3, hash);
            insert.setString(4, settings);
            insert.setString(5, counts);
            return insert.executeUpdate() > 0;
        }
    }

    private static void insertTasks(Connection connection, UUID dataset, UUID useCase, List<DatasetTask> tasks)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("""
                WITH row AS (
                    SELECT * FROM unnest(?::uuid[], ?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                                         ?::integer[])
                        AS row (id, trace, hash, input, reference, metadata, split, position)
                ), made AS (
                    INSERT INTO task (id, use_case, trace, content_hash, input, reference, metadata)
                    SELECT id, ?, trace, hash, input::json, reference::json, metadata::jsonb FROM row
                    ON CONFLICT (trace, content_hash) DO NOTHING
                    RETURNING id, trace, content_hash
                ), there AS (
                    SELECT id, trace, content_hash FROM made
                    UNION ALL
                    SELECT t.id, t.trace, t.content_hash
                      FROM task t JOIN row ON t.trace = row.trace AND t.content_hash = row.hash
                )
                INSERT INTO dataset_task (dataset, split, position, task)
                SELECT ?, row.split, row.position, there.id
                  FROM row JOIN there ON there.trace = row.trace AND there.content_hash = row.hash
                """)) {
            insert.setArray(1, Traces.array(connection, "uuid", tasks, task -> Ids.next()));
            insert.setArray(2, Traces.array(connection, "uuid", tasks, DatasetTask::trace));
            insert.setArray(3, Traces.array(connection, "text", tasks, DatasetTask::contentHash));
            insert.setArray(4, Traces.array(connection, "text", tasks, DatasetTask::input));
            insert.setArray(5, Traces.array(connection, "text", tasks, DatasetTask::reference));
            insert.setArray(6, Traces.array(connection, "text", tasks, task -> Documents.text(task.metadata())));
            insert.setArray(
                    7,
                    Traces.array(connection, "text", tasks, task -> task.split().label()));
            insert.setArray(8, Traces.array(connection, "integer", tasks, DatasetTask::position));
            insert.setObject(9, useCase);
            insert.setObject(10, dataset);
            int stored = insert.executeUpdate();
            if (stored != tasks.size()) {
                throw new IllegalStateException("Of [%d] tasks [%d] were stored".formatted(tasks.size(), stored));
            }
        }
    }

    /** The datasets of a use case, the newest first. */
    public List<Dataset> list(UUID useCase) {
        return database.inTransaction(
                connection -> list(connection, COLUMNS + "WHERE d.use_case = ? ORDER BY d.id DESC", useCase));
    }

    /** The datasets of all use cases, the newest first. */
    public List<Dataset> list() {
        return database.inTransaction(connection -> list(connection, COLUMNS + "ORDER BY d.id DESC"));
    }

    /**
     * The dataset whose hash begins so.
     *
     * @throws IllegalArgumentException when there is none, or several
     */
    public Dataset require(String hashStart) {
        List<Dataset> found = database.inTransaction(connection ->
                list(connection, COLUMNS + "WHERE starts_with(d.hash, ?) ORDER BY d.id DESC LIMIT 3", hashStart));
        if (hashStart.isBlank() || found.isEmpty()) {
            throw new IllegalArgumentException(
                    "There is no dataset whose hash begins with [%s]: see hone tasks list".formatted(hashStart));
        }
        if (found.size() > 1) {
            throw new IllegalArgumentException("The hashes of several datasets begin with [%s]: %s"
                    .formatted(hashStart, found.stream().map(Dataset::hash).toList()));
        }
        return found.getFirst();
    }

    private static List<Dataset> list(Connection connection, String sql, Object... parameters) throws SQLException {
        List<Dataset> datasets = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                select.setObject(i + 1, parameters[i]);
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    datasets.add(new Dataset(
                            row.getObject(1, UUID.class),
                            row.getString(2),
                            row.getString(3),
                            row.getString(4),
                            row.getString(5),
                            row.getObject(6, OffsetDateTime.class).toInstant()));
                }
            }
        }
        return datasets;
    }

    /** The tasks of a dataset: training first, test last, each split in order. */
    public List<DatasetTask> tasks(UUID dataset) {
        return database.inTransaction(connection -> tasks(connection, dataset));
    }

    static List<DatasetTask> tasks(Connection connection, UUID dataset) throws SQLException {
        return Rows.list(
                connection,
                """
                SELECT t.trace, d.split, d.position, t.input, t.reference, t.metadata, t.content_hash
                  FROM dataset_task d JOIN task t ON t.id = d.task
                 WHERE d.dataset = ?
                 ORDER BY array_position(ARRAY['train', 'validation', 'test'], d.split), d.position
                """,
                row -> new DatasetTask(
                        Rows.id(row, 1),
                        Split.of(row.getString(2)),
                        row.getInt(3),
                        row.getString(4),
                        row.getString(5),
                        Documents.metadata(row.getString(6)),
                        row.getString(7)),
                dataset);
    }
}
