package dev.hone.store;

import dev.hone.record.ModelVersion;
import dev.hone.record.VersionTraffic;
import dev.hone.record.VersionTraffic.Day;
import dev.hone.record.VersionTraffic.Uncounted;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Calls that a version answered. On which days some version of its use case had any, the sums by day say; whose they were, the attempts of a day's calls alone. These are
 * looked through day by day, the newest first, each for half of the time that is left at most: a day that has too many leaves time for the others.
 */
final class AnsweredCalls {
    /** Under these variants versions are asked, and nobody else is. */
    private static final String OWN = "('live', 'candidate')";

    private static final String DAYS = """
            SELECT s.day, sum(s.calls)::bigint, EXISTS (SELECT FROM dropped_month d WHERE d.month = date_trunc('month', s.day)::date)
              FROM usage_day s JOIN use_case u ON u.project = s.project AND u.name = s.route
             WHERE u.id = ? AND s.day >= ? AND s.variant IN %s
             GROUP BY s.day HAVING sum(s.calls) > 0
             ORDER BY s.day DESC
            """.formatted(OWN);

    private static final String CALLS = """
            SELECT count(*) FILTER (WHERE t.shadow_of IS NULL AND t.variant = 'live'),
                   count(*) FILTER (WHERE t.shadow_of IS NULL AND t.variant = 'candidate'),
                   count(*) FILTER (WHERE t.shadow_of IS NOT NULL)
              FROM trace t JOIN attempt a ON a.trace = t.id AND a.variant = t.variant
             WHERE t.ended = 'answered' AND a.trouble IS NULL AND t.variant IN %s AND\s""".formatted(OWN);

    /** A statement is not begun for less. */
    private static final Duration LEAST = Duration.ofMillis(2);

    private final Database database;
    private final ModelVersion version;

    AnsweredCalls(Database database, ModelVersion version) {
        this.database = database;
        this.version = version;
    }

    /** A day on which some version of the use case had calls. */
    private record Booked(LocalDate day, long calls, boolean gone) {}

    /** What can be counted within some time, and which days cannot. */
    VersionTraffic within(Duration longest) {
        long end = System.nanoTime() + longest.toNanos();
        List<Day> days = new ArrayList<>();
        List<Uncounted> uncounted = new ArrayList<>();
        for (Booked booked : booked()) {
            Duration left = Duration.ofNanos(end - System.nanoTime()).dividedBy(2);
            Optional<Day> counted = left.compareTo(LEAST) < 0
                    ? Optional.empty()
                    : database.within(left, connection -> count(connection, booked.day()));
            counted.filter(day -> day.live() + day.candidate() + day.copies() > 0)
                    .ifPresent(days::add);
            if (counted.isEmpty() || booked.gone()) {
                uncounted.add(new Uncounted(booked.day(), booked.calls(), booked.gone()));
            }
        }
        return new VersionTraffic(days, uncounted);
    }

    /** A day before it was made none are its own, also where clocks are a little apart. */
    private List<Booked> booked() {
        LocalDate first =
                version.created().atOffset(ZoneOffset.UTC).toLocalDate().minusDays(1);
        return database.inTransaction(connection -> Rows.list(
                connection,
                DAYS,
                row -> new Booked(row.getObject(1, LocalDate.class), row.getLong(2), row.getBoolean(3)),
                version.useCaseId(),
                first));
    }

    private Day count(Connection connection, LocalDate day) throws SQLException {
        Conditions calls = calls(connection, day);
        return Rows.first(
                        connection,
                        CALLS + calls.sql(),
                        row -> new Day(day, row.getLong(1), row.getLong(2), row.getLong(3)),
                        calls.values())
                .orElseThrow();
    }

    private Conditions calls(Connection connection, LocalDate day) throws SQLException {
        Conditions calls = new Conditions()
                .and("t.use_case = ?", version.useCaseId())
                .and("a.model = ?", version.reference())
                .and("trace_day(t.id, t.occurred) = ?", day);
        for (String column : List.of("t.id", "a.trace")) {
            IdTimes.within(
                    connection,
                    calls,
                    column,
                    day.atStartOfDay(ZoneOffset.UTC).toInstant(),
                    day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant());
        }
        return calls;
    }

    /** How the database finds the calls of a day. */
    List<String> plan(LocalDate day) {
        return database.inTransaction(connection -> {
            Conditions calls = calls(connection, day);
            return Rows.list(connection, "EXPLAIN " + CALLS + calls.sql(), row -> row.getString(1), calls.values());
        });
    }
}
