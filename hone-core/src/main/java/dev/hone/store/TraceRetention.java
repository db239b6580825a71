package dev.hone.store;

import dev.hone.record.Retention;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Drops traces whose time is over, a month at a time. Imported traces and those of which tasks were made stay: what datasets stand on
 * is never lost. A month without such is dropped as the tables that it is; of another, the other rows are deleted.
 */
public final class TraceRetention {
    private final Database database;

    public TraceRetention(Database database) {
        this.database = database;
    }

    /** What of traces goes. */
    public enum Part {
        CONTENT,
        FACTS
    }

    /**
     * A month whose time is over.
     *
     * @param dropped traces of which it goes, or went
     * @param kept traces that stay, since they were imported or tasks were made of them
     */
    public record Month(Part part, YearMonth month, long dropped, long kept) {}

    /**
     * Drops what is over.
     *
     * @param dry only says what would be
     * @return months of which something went, or would
     */
    public List<Month> carryOut(Retention retention, Instant now, boolean dry) {
        List<Month> months = new ArrayList<>();
        @Nullable Integer content = retention.contentDays() == null ? retention.factsDays() : retention.contentDays();
        if (content != null) {
            over("trace_content", now, content).forEach(month -> months.add(content(month, dry)));
        }
        if (retention.factsDays() != null) {
            over("trace", now, retention.factsDays()).forEach(month -> months.add(facts(month, dry)));
        }
        return months.stream().filter(month -> month.dropped() > 0).toList();
    }

    /** Months all of whose moments are older than some days. */
    private List<YearMonth> over(String table, Instant now, int days) {
        Instant before = now.minus(Duration.ofDays(days));
        return database.inTransaction(connection -> {
            List<YearMonth> months = new ArrayList<>();
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("""
                            SELECT right(c.relname, 7) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                             WHERE i.inhparent = '%s'::regclass ORDER BY 1
                            """.formatted(table))) {
                while (row.next()) {
                    YearMonth month = YearMonth.parse(row.getString(1).replace('_', '-'));
                    Instant end = month.plusMonths(1)
                            .atDay(1)
                            .atStartOfDay(ZoneOffset.UTC)
                            .toInstant();
                    if (!end.isAfter(before)) {
                        months.add(month);
                    }
                }
            }
            return months;
        });
    }

    private static String part(String table, YearMonth month) {
        return String.format(Locale.ROOT, "%s_%04d_%02d", table, month.getYear(), month.getMonthValue());
    }

    /** Whether a trace stays. @param id with the name of its table, since others have an id too */
    private static String stays(String id) {
        return "(EXISTS (SELECT FROM imported i WHERE i.trace = %1$s) OR EXISTS (SELECT FROM task k WHERE k.trace = %1$s))"
                .formatted(id);
    }

    private Month content(YearMonth month, boolean dry) {
        String part = part("trace_content", month);
        return database.inTransaction(connection -> {
            begin(connection);
            Month over = count(connection, Part.CONTENT, month, part);
            if (!dry && over.dropped() > 0) {
                execute(
                        connection,
                        over.kept() == 0
                                ? "DROP TABLE " + part
                                : "DELETE FROM %s AS one WHERE NOT %s".formatted(part, stays("one.id")));
            }
            return over;
        });
    }

    private Month facts(YearMonth month, boolean dry) {
        String traces = part("trace", month);
        String attempts = part("attempt", month);
        return database.inTransaction(connection -> {
            begin(connection);
            Month over = count(connection, Part.FACTS, month, traces);
            if (dry || over.dropped() == 0) {
                return over;
            }
            DroppedMonths.remember(connection, month);
            if (over.kept() > 0) {
                execute(connection, "DELETE FROM %s AS one WHERE NOT %s".formatted(attempts, stays("one.trace")));
                execute(connection, "DELETE FROM %s AS one WHERE NOT %s".formatted(traces, stays("one.id")));
                return over;
            }
            execute(connection, "DELETE FROM feedback f USING %s t WHERE f.trace = t.id".formatted(traces));
            execute(connection, "DELETE FROM watched_call w USING %s t WHERE w.trace = t.id".formatted(traces));
            execute(connection, "DELETE FROM label l USING %s t WHERE l.trace = t.id".formatted(traces));
            execute(connection, "DROP TABLE " + attempts);
            // Feedback, tasks and imports refer to the table that it is a part of.
            execute(connection, "ALTER TABLE trace DETACH PARTITION " + traces);
            execute(connection, "DROP TABLE " + traces);
            return over;
        });
    }

    /** Whoever stores or reads traces waits for this only so long. */
    private static void begin(Connection connection) throws SQLException {
        execute(connection, "SET LOCAL lock_timeout = '5s'");
    }

    private static Month count(Connection connection, Part part, YearMonth month, String table) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*), count(*) FILTER (WHERE %s) FROM %s AS one"
                        .formatted(stays("one.id"), table))) {
            row.next();
            return new Month(part, month, row.getLong(1) - row.getLong(2), row.getLong(2));
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
