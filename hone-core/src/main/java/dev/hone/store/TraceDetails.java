package dev.hone.store;

import dev.hone.record.AnswerLogprob;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One trace with what it says, whom it was asked of, and what came back on it. */
public final class TraceDetails {
    private final Database database;

    public TraceDetails(Database database) {
        this.database = database;
    }

    /**
     * What there is of a trace beside what a search shows.
     *
     * @param request as it is stored; null when it is gone
     * @param response as it is stored; null where there was none, or it is gone
     * @param configuration SHA-256 of the files that decided; null where there were none
     */
    public record Detail(
            @Nullable String request,
            @Nullable String response,
            List<Attempt> attempts,
            List<Said> feedback,
            @Nullable String configuration) {
        public Detail {
            attempts = List.copyOf(attempts);
            feedback = List.copyOf(feedback);
        }
    }

    /** @param cut whether a body was longer than what was wanted, and is left out */
    public record Bounded(Detail detail, boolean cut) {}

    /** Somebody was asked. @param logprob of the whole answer that a model of Hone's own gave; null where nobody said */
    public record Attempt(
            int number,
            String variant,
            String upstream,
            String model,
            @Nullable Integer status,
            @Nullable String trouble,
            double millis,
            @Nullable BigDecimal cost,
            @Nullable AnswerLogprob logprob) {}

    /**
     * Feedback on the trace.
     *
     * @param value as JSON
     * @param at when it was judged, or happened
     */
    public record Said(
            UUID id,
            String kind,
            String name,
            String value,
            @Nullable Double score,
            @Nullable String author,
            Instant at) {}

    /** Empty where the project has no such trace. */
    public Optional<Detail> find(String project, UUID trace) {
        return find(project, trace, Integer.MAX_VALUE).map(Bounded::detail);
    }

    /**
     * The same without bodies that are long.
     *
     * @param longest bytes of a body
     */
    public Optional<Bounded> find(String project, UUID trace, int longest) {
        return database.inTransaction(connection -> {
            try (PreparedStatement select = connection.prepareStatement("""
                    SELECT CASE WHEN octet_length(c.request) <= ? THEN c.request END,
                           CASE WHEN octet_length(c.response) <= ? THEN c.response END,
                           greatest(octet_length(c.request), octet_length(c.response)) > ?,
                           t.configuration
                      FROM trace t LEFT JOIN trace_content c ON c.id = t.id
                     WHERE t.id = ? AND t.project = (SELECT id FROM project WHERE name = ?)
                    """)) {
                select.setInt(1, longest);
                select.setInt(2, longest);
                select.setInt(3, longest);
                select.setObject(4, trace);
                select.setString(5, project);
                try (ResultSet row = select.executeQuery()) {
                    return row.next()
                            ? Optional.of(new Bounded(
                                    new Detail(
                                            row.getString(1),
                                            row.getString(2),
                                            attempts(connection, trace),
                                            feedback(connection, trace),
                                            row.getString(4)),
                                    row.getBoolean(3)))
                            : Optional.empty();
                }
            }
        });
    }

    private static List<Attempt> attempts(Connection connection, UUID trace) throws SQLException {
        return Rows.list(
                connection,
                "SELECT number, variant, upstream, model, status, trouble, ms, cost, logprob, answer_tokens FROM attempt WHERE trace = ? ORDER BY number",
                row -> new Attempt(
                        row.getInt(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getObject(5, Integer.class),
                        row.getString(6),
                        row.getDouble(7),
                        row.getBigDecimal(8),
                        AskedServers.logprob(row, 9)),
                trace);
    }

    private static List<Said> feedback(Connection connection, UUID trace) throws SQLException {
        return Rows.list(
                connection,
                "SELECT id, kind, name, value, score, author, coalesce(occurred, created) FROM feedback WHERE trace = ? ORDER BY id",
                TraceDetails::said,
                trace);
    }

    static Said said(ResultSet row) throws SQLException {
        return new Said(
                Rows.id(row, 1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getObject(5, Double.class),
                row.getString(6),
                Rows.time(row, 7));
    }
}
