package dev.hone.store;

import dev.hone.record.AuditEntry;
import dev.hone.record.DatasetTask;
import dev.hone.record.Forgetting;
import dev.hone.record.Ids;
import dev.hone.record.Saw;
import dev.hone.record.Whose;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Removes traces with all that was made of them: what they say, attempts, feedback, tasks, samples. Datasets that held them are rebuilt without them first, each in a
 * transaction of its own; then traces go, {@value #BATCH} in a transaction. Whoever is killed on the way does it again, which does the rest. Sums by day stay.
 */
public final class TraceForgetting {
    private static final int BATCH = 1000;

    /** Datasets may be frozen of the traces meanwhile. */
    private static final int MOST_ROUNDS = 20;

    private static final String SAMPLES = """
            FROM sample s USING run r, trace t LEFT JOIN imported i ON i.trace = t.id
             WHERE r.id = s.run AND t.id = ANY (?) AND r.use_case = t.use_case AND s.task IN (t.id::text, i.external_id)
            """;

    /** Feedback on an episode goes with the last of its calls. */
    private static final String FEEDBACK = """
            FROM feedback f
             WHERE f.trace = ANY (?)
                OR f.trace IS NULL
                   AND EXISTS (SELECT FROM trace t WHERE t.id = ANY (?) AND t.episode = f.episode AND t.use_case = f.use_case)
                   AND NOT EXISTS (SELECT FROM trace o WHERE o.episode = f.episode AND o.use_case = f.use_case AND NOT o.id = ANY (?))
            """;

    private final Database database;
    private final Function<List<DatasetTask>, String> trainingFile;

    /** @param trainingFile SHA-256 of what is exported of tasks for training, by which a run's data is known again */
    public TraceForgetting(Database database, Function<List<DatasetTask>, String> trainingFile) {
        this.database = database;
        this.trainingFile = trainingFile;
    }

    /** What would go. */
    public Forgetting plan(Whose whose) {
        return database.inTransaction(connection -> {
            List<UUID> ids = traces(connection, whose);
            List<Forgetting.Held> datasets = new ArrayList<>();
            Set<Saw> versions = new LinkedHashSet<>();
            for (UUID dataset : holding(connection, ids)) {
                datasets.add(held(connection, dataset, ids));
                versions.addAll(DatasetNodes.saw(connection, dataset));
            }
            return counted(connection, ids, datasets, List.copyOf(versions));
        });
    }

    /**
     * Removes them.
     *
     * @param who does it
     * @return what went; nothing where there was nothing
     */
    public Forgetting carryOut(Whose whose, String who) {
        Forgetting gone = Forgetting.NOTHING;
        for (int round = 0; round < MOST_ROUNDS; round++) {
            List<UUID> ids = database.inTransaction(connection -> traces(connection, whose));
            if (ids.isEmpty()) {
                return gone;
            }
            for (UUID dataset : database.inTransaction(connection -> holding(connection, ids))) {
                gone = sum(gone, database.inTransaction(connection -> rebuild(connection, dataset, ids, who)));
            }
            for (int from = 0; from < ids.size(); from += BATCH) {
                List<UUID> some = ids.subList(from, Math.min(from + BATCH, ids.size()));
                gone = sum(gone, database.inTransaction(connection -> remove(connection, some, whose, who)));
            }
        }
        throw new IllegalStateException(
                "Traces are still there after [%d] rounds: datasets are frozen of them as fast as they go; end what freezes them, and run this again"
                        .formatted(MOST_ROUNDS));
    }

    private static Forgetting sum(Forgetting a, Forgetting b) {
        List<Forgetting.Held> datasets = new ArrayList<>(a.datasets());
        datasets.addAll(b.datasets());
        Set<Saw> versions = new LinkedHashSet<>(a.versions());
        versions.addAll(b.versions());
        return new Forgetting(
                a.traces() + b.traces(),
                a.contents() + b.contents(),
                a.attempts() + b.attempts(),
                a.feedback() + b.feedback(),
                a.tasks() + b.tasks(),
                a.samples() + b.samples(),
                datasets,
                List.copyOf(versions));
    }

    /** With copies for shadows. */
    private static List<UUID> traces(Connection connection, Whose whose) throws SQLException {
        String project = "t.project = (SELECT p.id FROM project p WHERE p.name = ?)";
        List<UUID> own = switch (whose) {
            case Whose.OfEndUser user -> ids(connection, project + " AND t.end_user = ?", user.project(), user.hash());
            case Whose.OfTrace trace -> ids(connection, "t.id = ?", trace.id());
            case Whose.OfEpisode episode ->
                ids(
                        connection,
                        project + " AND t.episode = ?",
                        episode.project(),
                        Documents.storable(episode.episode()));
        };
        Set<UUID> all = new LinkedHashSet<>(own);
        all.addAll(ids(connection, "t.shadow_of = ANY (?)", array(connection, own)));
        return List.copyOf(all);
    }

    private static List<UUID> ids(Connection connection, String where, Object... values) throws SQLException {
        return Rows.list(
                connection,
                "SELECT t.id FROM trace t WHERE " + where + " ORDER BY t.id",
                row -> Rows.id(row, 1),
                values);
    }

    private static Array array(Connection connection, List<UUID> ids) throws SQLException {
        return Traces.array(connection, "uuid", ids, id -> id);
    }

    private static List<UUID> holding(Connection connection, List<UUID> ids) throws SQLException {
        return Rows.list(connection, """
                SELECT DISTINCT k.dataset FROM task t JOIN dataset_task k ON k.task = t.id WHERE t.trace = ANY (?) ORDER BY 1
                """, row -> Rows.id(row, 1), array(connection, ids));
    }

    private static Forgetting.Held held(Connection connection, UUID dataset, List<UUID> ids) throws SQLException {
        return Rows.first(
                        connection,
                        """
                        SELECT u.name, d.hash,
                               count(*) FILTER (WHERE g.gone AND k.split = 'train'), count(*) FILTER (WHERE g.gone AND k.split = 'validation'),
                               count(*) FILTER (WHERE g.gone AND k.split = 'test'), count(*) FILTER (WHERE NOT g.gone)
                          FROM dataset d JOIN use_case u ON u.id = d.use_case
                          JOIN dataset_task k ON k.dataset = d.id JOIN task t ON t.id = k.task
                          CROSS JOIN LATERAL (SELECT t.trace = ANY (?) AS gone) AS g
                         WHERE d.id = ?
                         GROUP BY 1, 2
                        """,
                        row -> new Forgetting.Held(
                                row.getString(1),
                                row.getString(2),
                                row.getInt(3),
                                row.getInt(4),
                                row.getInt(5),
                                row.getInt(6),
                                null),
                        array(connection, ids),
                        dataset)
                .orElseGet(() -> new Forgetting.Held("", "", 0, 0, 0, 0, null));
    }

    /** Freezes what is left of a dataset as another, and takes the rows of this one away. */
    private Forgetting rebuild(Connection connection, UUID dataset, List<UUID> ids, String who) throws SQLException {
        Rows.first(connection, "SELECT 1 FROM dataset WHERE id = ? FOR UPDATE", row -> true, dataset);
        Forgetting.Held held = held(connection, dataset, ids);
        if (held.train() + held.validation() + held.test() == 0) {
            // Somebody else was faster.
            return Forgetting.NOTHING;
        }
        List<Saw> versions = DatasetNodes.saw(connection, dataset);
        String file = trainingFile.apply(Datasets.tasks(connection, dataset));
        UUID rebuilt = held.left() == 0 ? null : freeze(connection, dataset, ids, held);
        Rows.change(connection, """
                INSERT INTO forgotten_dataset (dataset, rebuilt, train, validation, test, training_file, who)
                VALUES (?, ?::uuid, ?, ?, ?, ?, ?)
                """, dataset, rebuilt, held.train(), held.validation(), held.test(), file, who);
        Rows.change(connection, "DELETE FROM dataset_task WHERE dataset = ?", dataset);
        @Nullable
        String hash = rebuilt == null
                ? null
                : Rows.first(connection, "SELECT hash FROM dataset WHERE id = ?", row -> row.getString(1), rebuilt)
                        .orElseThrow();
        AuditLog.add(
                connection,
                AuditEntry.now(
                        who,
                        Rows.first(
                                        connection,
                                        "SELECT u.project FROM dataset d JOIN use_case u ON u.id = d.use_case WHERE d.id = ?",
                                        row -> Rows.id(row, 1),
                                        dataset)
                                .orElseThrow(),
                        "dataset.forget",
                        held.hash(),
                        Map.of(
                                "rows",
                                Integer.toString(held.train() + held.validation() + held.test()),
                                "rebuilt",
                                hash == null ? "" : hash)));
        Forgetting.Held done = new Forgetting.Held(
                held.useCase(), held.hash(), held.train(), held.validation(), held.test(), held.left(), hash);
        return new Forgetting(0, 0, 0, 0, 0, 0, List.of(done), versions);
    }

    /**
     * The rows of a dataset that stay, as a dataset with a hash of its own, which is made as that of any other: over a line for each task, its split and the
     * hash of its content. One that is there already is taken; null where that was forgotten itself.
     */
    private static @Nullable UUID freeze(Connection connection, UUID dataset, List<UUID> ids, Forgetting.Held held)
            throws SQLException {
        UUID made = Ids.next();
        String left = "FROM dataset_task k JOIN task t ON t.id = k.task WHERE k.dataset = ? AND NOT t.trace = ANY (?)";
        String hash = Rows.first(connection, """
                        SELECT encode(sha256(convert_to(string_agg(k.split || ' ' || t.content_hash || E'\\n', '' ORDER BY
                                   array_position(ARRAY['train', 'validation', 'test'], k.split), k.position), 'UTF8')), 'hex')
                        """ + left, row -> row.getString(1), dataset, array(connection, ids))
                .orElseThrow();
        int added = Rows.change(
                connection,
                """
                INSERT INTO dataset (id, use_case, hash, settings, counts)
                SELECT ?, d.use_case, ?, d.settings || jsonb_build_object('rebuiltFrom', d.hash, 'without', ?::integer),
                       d.counts || jsonb_build_object('forgotten', ?::integer, 'tasks',
                           (SELECT jsonb_object_agg(s.split, (SELECT count(*) FROM dataset_task k JOIN task t ON t.id = k.task
                                      WHERE k.dataset = d.id AND k.split = s.split AND NOT t.trace = ANY (?)))
                              FROM unnest(ARRAY['train', 'validation', 'test']) AS s (split)))
                  FROM dataset d WHERE d.id = ?
                ON CONFLICT (use_case, hash) DO NOTHING
                """,
                made,
                hash,
                held.train() + held.validation() + held.test(),
                held.train() + held.validation() + held.test(),
                array(connection, ids),
                dataset);
        if (added == 0) {
            return Rows.first(connection, """
                            SELECT d.id FROM dataset d JOIN dataset o ON o.use_case = d.use_case
                             WHERE o.id = ? AND d.hash = ? AND NOT EXISTS (SELECT FROM forgotten_dataset f WHERE f.dataset = d.id)
                            """, row -> Rows.id(row, 1), dataset, hash)
                    .orElse(null);
        }
        Rows.change(
                connection,
                "INSERT INTO dataset_task (dataset, split, position, task) SELECT ?, k.split, row_number() OVER (PARTITION BY k.split ORDER BY k.position) - 1, k.task "
                        + left,
                made,
                dataset,
                array(connection, ids));
        return made;
    }

    /** Takes traces away, unless datasets hold some of them again. */
    private static Forgetting remove(Connection connection, List<UUID> ids, Whose whose, String who)
            throws SQLException {
        // Whoever makes a task of one of them, or freezes one, waits, and is refused.
        Rows.list(
                connection,
                "SELECT 1 FROM trace WHERE id = ANY (?) ORDER BY id FOR UPDATE",
                row -> true,
                array(connection, ids));
        Rows.list(
                connection,
                "SELECT 1 FROM task WHERE trace = ANY (?) ORDER BY id FOR UPDATE",
                row -> true,
                array(connection, ids));
        if (!holding(connection, ids).isEmpty()) {
            return Forgetting.NOTHING;
        }
        UUID project = Rows.first(
                        connection,
                        "SELECT project FROM trace WHERE id = ANY (?) LIMIT 1",
                        row -> Rows.id(row, 1),
                        array(connection, ids))
                .orElse(null);
        if (project == null) {
            return Forgetting.NOTHING;
        }
        int samples = Rows.change(connection, "DELETE " + SAMPLES, array(connection, ids));
        int feedback = Rows.change(
                connection,
                "DELETE " + FEEDBACK,
                array(connection, ids),
                array(connection, ids),
                array(connection, ids));
        int tasks = Rows.change(connection, "DELETE FROM task WHERE trace = ANY (?)", array(connection, ids));
        int attempts = Rows.change(connection, "DELETE FROM attempt WHERE trace = ANY (?)", array(connection, ids));
        int contents = Rows.change(connection, "DELETE FROM trace_content WHERE id = ANY (?)", array(connection, ids));
        int traces = Rows.change(connection, "DELETE FROM trace WHERE id = ANY (?)", array(connection, ids));
        AuditLog.add(
                connection,
                AuditEntry.now(
                        who,
                        project,
                        "trace.forget",
                        whose.shown(),
                        Map.of(
                                "traces", Integer.toString(traces),
                                "feedback", Integer.toString(feedback),
                                "tasks", Integer.toString(tasks),
                                "samples", Integer.toString(samples))));
        return new Forgetting(traces, contents, attempts, feedback, tasks, samples, List.of(), List.of());
    }

    private static Forgetting counted(
            Connection connection, List<UUID> ids, List<Forgetting.Held> datasets, List<Saw> versions)
            throws SQLException {
        return new Forgetting(
                ids.size(),
                count(connection, "FROM trace_content WHERE id = ANY (?)", ids, 1),
                count(connection, "FROM attempt WHERE trace = ANY (?)", ids, 1),
                count(connection, FEEDBACK, ids, 3),
                count(connection, "FROM task WHERE trace = ANY (?)", ids, 1),
                count(connection, """
                        FROM sample s JOIN run r ON r.id = s.run
                         WHERE EXISTS (SELECT FROM trace t LEFT JOIN imported i ON i.trace = t.id
                                        WHERE t.id = ANY (?) AND r.use_case = t.use_case AND s.task IN (t.id::text, i.external_id))
                        """, ids, 1),
                datasets,
                versions);
    }

    private static long count(Connection connection, String from, List<UUID> ids, int times) throws SQLException {
        Object[] values = new Object[times];
        for (int i = 0; i < times; i++) {
            values[i] = array(connection, ids);
        }
        return Rows.first(connection, "SELECT count(*) " + from, row -> row.getLong(1), values)
                .orElseThrow();
    }
}
