package dev.hone.store;

import dev.hone.record.CallUsage;
import dev.hone.record.CapturedCall;
import dev.hone.record.CapturedCall.Attempt;
import dev.hone.record.Feedback;
import dev.hone.record.Money;
import dev.hone.record.StoredTrace;
import dev.hone.record.StoredTrace.Call;
import dev.hone.record.StoredTrace.Row;
import dev.hone.record.StoredTrace.Said;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/**
 * Reads all traces that fit, whole, in the order of their identifiers and as they were at one moment. A cursor of the server walks
 * over them, and few are in memory at once, however many there are.
 */
public final class StoredTraces {
    private static final int FETCHED = 1_000;
    private static final int BATCH = 200;
    private static final long BATCH_BYTES = 8L << 20;

    private final Database database;

    public StoredTraces(Database database) {
        this.database = database;
    }

    /** Takes what is read. */
    public interface Sink {
        /** Hears first how many there will be. */
        void begin(long traces) throws IOException;

        void take(StoredTrace trace) throws IOException;
    }

    /**
     * Reads them.
     *
     * @throws IllegalArgumentException when there is no such project
     * @throws IOException of the sink
     */
    public void read(TraceQuery filter, Sink sink) throws IOException {
        try {
            database.inTransaction(connection -> {
                try {
                    read(connection, filter, sink);
                    return filter;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void read(Connection connection, TraceQuery filter, Sink sink) throws SQLException, IOException {
        try (Statement set = connection.createStatement()) {
            set.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
        }
        Projects.require(connection, filter.project());
        Conditions conditions = conditions(connection, filter);
        String from = "FROM trace t LEFT JOIN trace_content c ON c.id = t.id WHERE " + conditions.sql();
        try (PreparedStatement count = connection.prepareStatement("SELECT count(*) " + from)) {
            conditions.set(count, 1);
            try (ResultSet row = count.executeQuery()) {
                row.next();
                sink.begin(row.getLong(1));
            }
        }
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT t.id, coalesce(octet_length(c.request), 0)::bigint + coalesce(octet_length(c.response), 0) %s ORDER BY t.id"
                        .formatted(from))) {
            select.setFetchSize(FETCHED);
            conditions.set(select, 1);
            try (ResultSet row = select.executeQuery()) {
                List<UUID> batch = new ArrayList<>();
                long bytes = 0;
                while (row.next()) {
                    if (batch.size() == BATCH || !batch.isEmpty() && bytes + row.getLong(2) > BATCH_BYTES) {
                        take(connection, batch, sink);
                        batch.clear();
                        bytes = 0;
                    }
                    batch.add(Rows.id(row, 1));
                    bytes += row.getLong(2);
                }
                take(connection, batch, sink);
            }
        }
    }

    private static Conditions conditions(Connection connection, TraceQuery filter) throws SQLException {
        Conditions conditions = TraceSearch.rest(filter);
        IdTimes.within(connection, conditions, "t.id", filter.from(), filter.to());
        TraceQuery.Judged judged = filter.judged();
        if (judged != null) {
            Conditions said = judged(judged);
            conditions.and(
                    "EXISTS (SELECT FROM feedback_in_force f WHERE f.trace = t.id AND %s)".formatted(said.sql()),
                    said.values());
        }
        return conditions;
    }

    private static Conditions judged(TraceQuery.Judged judged) {
        Conditions conditions = new Conditions();
        if (judged.name() != null) {
            conditions.and("f.name = ?", judged.name());
        }
        if (judged.least() != null) {
            conditions.and("f.score >= ?", judged.least());
        }
        if (judged.most() != null) {
            conditions.and("f.score <= ?", judged.most());
        }
        return conditions;
    }

    static void take(Connection connection, List<UUID> ids, Sink sink) throws SQLException, IOException {
        if (ids.isEmpty()) {
            return;
        }
        Map<UUID, List<Attempt>> attempts = attempts(connection, ids);
        Map<UUID, List<Said>> feedback = feedback(connection, ids);
        List<StoredTrace> traces = list(connection, """
                SELECT t.id, p.name, u.name, t.metadata, t.occurred, t.recorded, c.request, c.response,
                       i.content_hash, i.external_id, i.source, i.line,
                       t.path, t.model, t.route, t.variant, t.episode, t.stream, t.status, t.ended, t.first_byte_ms, t.ms,
                       t.prompt_tokens, t.cached_tokens, t.completion_tokens, t.cost, t.currency, t.api_key, t.end_user,
                       t.configuration, t.shadow_of
                  FROM trace t
                  JOIN project p ON p.id = t.project
                  LEFT JOIN use_case u ON u.id = t.use_case
                  LEFT JOIN trace_content c ON c.id = t.id
                  LEFT JOIN imported i ON i.trace = t.id
                 WHERE t.id = ANY (?)
                 ORDER BY t.id
                """, ids, row -> trace(row, attempts, feedback));
        for (StoredTrace trace : traces) {
            sink.take(trace);
        }
    }

    private static <T> List<T> list(Connection connection, String sql, List<UUID> ids, Rows.Reader<T> reader)
            throws SQLException {
        return Rows.list(connection, sql, reader, Traces.array(connection, "uuid", ids, id -> id));
    }

    private static StoredTrace trace(ResultSet row, Map<UUID, List<Attempt>> attempts, Map<UUID, List<Said>> feedback)
            throws SQLException {
        UUID id = Rows.id(row, 1);
        return new StoredTrace(
                id,
                row.getString(2),
                row.getString(3),
                Documents.metadata(row.getString(4)),
                Rows.timeOrNull(row, 5),
                Rows.time(row, 6),
                row.getString(15) == null ? null : call(row),
                row.getString(9) == null
                        ? null
                        : new Row(row.getString(9), row.getString(10), row.getString(11), row.getInt(12)),
                row.getString(7),
                row.getString(8),
                attempts.getOrDefault(id, List.of()),
                feedback.getOrDefault(id, List.of()));
    }

    private static Call call(ResultSet row) throws SQLException {
        BigDecimal cost = row.getBigDecimal(26);
        return new Call(
                row.getString(13),
                row.getString(14),
                row.getString(15),
                row.getString(16),
                row.getString(17),
                row.getBoolean(18),
                row.getInt(19),
                CapturedCall.End.valueOf(row.getString(20).toUpperCase(Locale.ROOT)),
                row.getObject(21, Double.class),
                row.getObject(22, Double.class),
                new CallUsage(
                        row.getObject(23, Long.class), row.getObject(24, Long.class), row.getObject(25, Long.class)),
                cost == null ? null : new Money(cost, row.getString(27)),
                row.getObject(28, UUID.class),
                row.getString(29),
                row.getString(30),
                row.getObject(31, UUID.class));
    }

    private record Of<T>(UUID trace, T what) {}

    private static <T> Map<UUID, List<T>> byTrace(List<Of<T>> all) {
        Map<UUID, List<T>> byTrace = new HashMap<>();
        all.forEach(one ->
                byTrace.computeIfAbsent(one.trace(), id -> new ArrayList<>()).add(one.what()));
        return byTrace;
    }

    private static Map<UUID, List<Attempt>> attempts(Connection connection, List<UUID> ids) throws SQLException {
        return byTrace(list(
                connection,
                """
                SELECT trace, number, variant, upstream, model, status, trouble, ms, cost, logprob, answer_tokens FROM attempt
                 WHERE trace = ANY (?)
                 ORDER BY trace, number
                """,
                ids,
                row -> new Of<>(
                        Rows.id(row, 1),
                        new Attempt(
                                row.getInt(2),
                                row.getString(3),
                                row.getString(4),
                                row.getString(5),
                                row.getObject(6, Integer.class),
                                row.getString(7),
                                row.getDouble(8),
                                row.getBigDecimal(9),
                                AskedServers.logprob(row, 10)))));
    }

    /** What nobody took back. That on an episode stands with the first call of it, and there alone. */
    private static Map<UUID, List<Said>> feedback(Connection connection, List<UUID> ids) throws SQLException {
        return byTrace(list(
                connection,
                """
                WITH of AS (SELECT * FROM trace WHERE id = ANY (?))
                SELECT of.id AS on_trace, f.id AS said, f.episode, kind, name, value, score, author, f.occurred, created, caller_id,
                       fingerprint, f.api_key, f.configuration
                  FROM of JOIN feedback_in_force f ON f.trace = of.id
                 UNION ALL
                SELECT of.id, f.id, f.episode, kind, name, value, score, author, f.occurred, created, caller_id,
                       fingerprint, f.api_key, f.configuration
                  FROM of JOIN feedback_in_force f ON f.episode = of.episode AND f.use_case = of.use_case AND f.project = of.project
                 WHERE of.shadow_of IS NULL
                   AND NOT EXISTS (SELECT FROM trace before
                                    WHERE before.episode = of.episode AND before.use_case = of.use_case
                                      AND before.project = of.project AND before.shadow_of IS NULL AND before.id < of.id)
                 ORDER BY on_trace, said
                """,
                ids,
                row -> new Of<>(
                        Rows.id(row, 1),
                        new Said(
                                Rows.id(row, 2),
                                row.getString(3),
                                Feedback.Kind.valueOf(row.getString(4).toUpperCase(Locale.ROOT)),
                                row.getString(5),
                                row.getString(6),
                                row.getObject(7, Double.class),
                                row.getString(8),
                                Rows.timeOrNull(row, 9),
                                Rows.time(row, 10),
                                row.getString(11),
                                row.getString(12),
                                row.getObject(13, UUID.class),
                                row.getString(14)))));
    }
}
