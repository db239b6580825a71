package dev.hone.store;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What calls came to, counted from the traces themselves. Copies that a shadow answered are nobody's calls and left out, as are rows that were
 * imported.
 */
public final class RecentCalls {
    private static final String CALLS = """
             FROM trace t LEFT JOIN use_case u ON u.id = t.use_case
            WHERE t.project = ? AND t.id >= least_id(?) AND t.ended IS NOT NULL AND t.shadow_of IS NULL
            """;

    private static final String FIGURES = """
            , count(*), count(*) FILTER (WHERE t.ended IN ('refused', 'broken')), sum(t.cost),
              CASE WHEN min(t.currency) = max(t.currency) THEN min(t.currency) END,
              coalesce(sum(t.prompt_tokens), 0), coalesce(sum(t.completion_tokens), 0),
              percentile_cont(0.5) WITHIN GROUP (ORDER BY t.ms), percentile_cont(0.95) WITHIN GROUP (ORDER BY t.ms)
            """;

    private final Database database;

    public RecentCalls(Database database) {
        this.database = database;
    }

    /**
     * The calls of a use case.
     *
     * @param useCase null for those of none
     * @param errors that a server refused, or broke off
     * @param spend null where no price is known
     * @param currency null where none or several are known
     */
    public record Line(
            @Nullable String useCase,
            long calls,
            long errors,
            @Nullable BigDecimal spend,
            @Nullable String currency,
            long promptTokens,
            long completionTokens,
            @Nullable Double p50Millis,
            @Nullable Double p95Millis) {}

    /** The calls of a stretch of time. */
    public record Bucket(Instant from, long calls, long errors) {}

    /** All calls since a time; its use case is null. */
    public Line total(UUID project, Instant from) {
        return database.inTransaction(
                connection -> Rows.first(connection, "SELECT NULL" + FIGURES + CALLS, RecentCalls::line, project, from)
                        .orElseThrow());
    }

    /** By use case, the most calls first. */
    public List<Line> byUseCase(UUID project, Instant from) {
        return database.inTransaction(connection -> Rows.list(
                connection,
                "SELECT u.name" + FIGURES + CALLS + " GROUP BY u.name ORDER BY count(*) DESC, u.name",
                RecentCalls::line,
                project,
                from));
    }

    /**
     * What was said of the calls of a use case.
     *
     * @param judged how many said whether it was good
     * @param good how many of these said so
     */
    public record Opinions(String useCase, long given, long judged, long good) {}

    /** By use case, those without left out. */
    public List<Opinions> opinions(UUID project, Instant from) {
        return database.inTransaction(connection -> Rows.list(
                connection,
                """
                SELECT u.name, count(*), count(*) FILTER (WHERE f.kind = 'boolean'),
                       count(*) FILTER (WHERE f.kind = 'boolean' AND f.value::text = 'true')
                  FROM feedback f JOIN trace t ON t.id = f.trace JOIN use_case u ON u.id = t.use_case
                 WHERE t.project = ? AND t.id >= least_id(?) AND f.kind <> 'demonstration'
                 GROUP BY u.name
                """,
                row -> new Opinions(row.getString(1), row.getLong(2), row.getLong(3), row.getLong(4)),
                project,
                from));
    }

    /** Stretches of time since one, those without calls left out. */
    public List<Bucket> over(UUID project, Instant from, Duration stretch) {
        return database.inTransaction(connection -> over(connection, project, from, stretch));
    }

    private static List<Bucket> over(Connection connection, UUID project, Instant from, Duration stretch)
            throws SQLException {
        return Rows.list(
                connection,
                "SELECT date_bin(make_interval(secs => ?), id_time(t.id), ?) AS at, count(*),"
                        + " count(*) FILTER (WHERE t.ended IN ('refused', 'broken'))" + CALLS
                        + " GROUP BY at ORDER BY at",
                row -> new Bucket(Rows.time(row, 1), row.getLong(2), row.getLong(3)),
                (double) stretch.toSeconds(),
                from,
                project,
                from);
    }

    private static Line line(ResultSet row) throws SQLException {
        return new Line(
                row.getString(1),
                row.getLong(2),
                row.getLong(3),
                row.getBigDecimal(4),
                row.getString(5),
                row.getLong(6),
                row.getLong(7),
                row.getObject(8, Double.class),
                row.getObject(9, Double.class));
    }
}
