package dev.hone.store;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Traces of a project as people look at them: the newest first, page by page, or one with all that is known of it. */
public final class TraceList {
    /** A search that looks into texts reads all of them in its time, and ends after so long. */
    private static final String PATIENCE = "5s";

    private static final int MOST_OF_EPISODE = 200;

    private static final String SELECT = """
            SELECT t.id, u.name, t.route, t.variant, t.model, t.episode, t.status, t.ended, coalesce(t.occurred, t.recorded),
                   t.first_byte_ms, t.ms, t.cost, t.currency, t.prompt_tokens, t.cached_tokens, t.completion_tokens, t.path,
                   t.stream, t.metadata
              FROM trace t LEFT JOIN use_case u ON u.id = t.use_case
             WHERE
            """;

    private final Database database;

    public TraceList(Database database) {
        this.database = database;
    }

    /**
     * What is known of a trace; null where it is not, which of an imported row is much.
     *
     * @param at when it was called
     */
    public record Row(
            UUID id,
            @Nullable String useCase,
            @Nullable String route,
            @Nullable String variant,
            @Nullable String model,
            @Nullable String episode,
            @Nullable Integer status,
            @Nullable String ended,
            Instant at,
            @Nullable Double firstByteMillis,
            @Nullable Double millis,
            @Nullable BigDecimal cost,
            @Nullable String currency,
            @Nullable Long promptTokens,
            @Nullable Long cachedTokens,
            @Nullable Long completionTokens,
            @Nullable String path,
            @Nullable Boolean stream,
            Map<String, String> tags) {}

    /** Somebody was asked; status and trouble null where there was none. */
    public record Attempt(
            int number,
            String variant,
            String upstream,
            String model,
            @Nullable Integer status,
            @Nullable String trouble,
            double millis) {}

    /** What was said of it. */
    public record Opinion(String kind, String value, Instant created) {}

    /** What it says; null where there was no answer, or its time is over. */
    public record Content(
            @Nullable String request, @Nullable String response) {}

    /** A trace with its attempts and what was said of it. */
    public record Whole(Row row, List<Attempt> attempts, List<Opinion> opinions) {}

    /** Names of the project's use cases. */
    public List<String> useCases(UUID project) {
        return database.inTransaction(connection -> Rows.list(
                connection,
                "SELECT name FROM use_case WHERE project = ? ORDER BY name",
                row -> row.getString(1),
                project));
    }

    /**
     * The newest that a filter lets through.
     *
     * @return empty when to look through the texts took too long
     */
    public Optional<List<Row>> page(UUID project, TraceFilter filter, int most) {
        TraceFilter.Conditions conditions = filter.conditions(project);
        try {
            return Optional.of(database.inTransaction(connection -> {
                if (filter.text() != null) {
                    Rows.first(connection, "SELECT set_config('statement_timeout', ?, true)", row -> "", PATIENCE);
                }
                return rows(connection, conditions.sql() + " ORDER BY t.id DESC LIMIT " + most, conditions.values());
            }));
        } catch (StoreException e) {
            if (e.getCause() instanceof SQLException sql && "57014".equals(sql.getSQLState())) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Empty when there is none, or it belongs to another project. */
    public Optional<Whole> find(UUID project, UUID id) {
        return database.inTransaction(connection -> {
            Optional<Row> row = rows(connection, "t.project = ? AND t.id = ?", List.of(project, id)).stream()
                    .findFirst();
            return row.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Whole(row.get(), attempts(connection, id), opinions(connection, id)));
        });
    }

    /** Calls of an episode in their order, as many as can be shown. */
    public List<Row> episode(UUID project, String episode) {
        return database.inTransaction(connection -> rows(
                connection,
                "t.project = ? AND t.episode = ? AND t.shadow_of IS NULL ORDER BY t.id LIMIT " + MOST_OF_EPISODE,
                List.of(project, Documents.storable(episode))));
    }

    /** Of a trace of the project. */
    public Content content(UUID project, UUID id) {
        return database.inTransaction(connection -> Rows.first(
                        connection, """
                        SELECT c.request, c.response FROM trace t JOIN trace_content c ON c.id = t.id
                         WHERE t.project = ? AND t.id = ? AND c.id = ?
                        """, row -> new Content(row.getString(1), row.getString(2)), project, id, id)
                .orElse(new Content(null, null)));
    }

    private static List<Row> rows(Connection connection, String where, List<Object> values) throws SQLException {
        return Rows.list(connection, SELECT + where, TraceList::row, values.toArray());
    }

    private static List<Attempt> attempts(Connection connection, UUID trace) throws SQLException {
        return Rows.list(
                connection,
                """
                SELECT number, variant, upstream, model, status, trouble, ms FROM attempt WHERE trace = ? ORDER BY number
                """,
                row -> new Attempt(
                        row.getInt(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getObject(5, Integer.class),
                        row.getString(6),
                        row.getDouble(7)),
                trace);
    }

    private static List<Opinion> opinions(Connection connection, UUID trace) throws SQLException {
        return Rows.list(
                connection,
                "SELECT kind, value, created FROM feedback WHERE trace = ? ORDER BY id",
                row -> new Opinion(row.getString(1), row.getString(2), Rows.time(row, 3)),
                trace);
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                Rows.id(row, 1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getObject(7, Integer.class),
                row.getString(8),
                Rows.time(row, 9),
                row.getObject(10, Double.class),
                row.getObject(11, Double.class),
                row.getBigDecimal(12),
                row.getString(13),
                row.getObject(14, Long.class),
                row.getObject(15, Long.class),
                row.getObject(16, Long.class),
                row.getString(17),
                row.getObject(18, Boolean.class),
                Documents.metadata(row.getString(19)));
    }
}
