package dev.hone.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Scores of watched calls, each once by a grader, and figures of feedback on them. */
public final class WatchedGrades {
    /** The name of the grade against a demonstration. */
    public static final String DEMONSTRATION = "demonstration";

    private final Database database;

    public WatchedGrades(Database database) {
        this.database = database;
    }

    /** Something that was counted. @param position of its call @param at when the store had its call */
    public record Value(String name, long position, Instant at, double score) {}

    /**
     * Scores of a day.
     *
     * @param sum of them
     * @param squares the sum of their squares
     */
    public record Day(String grader, LocalDate day, int count, double sum, double squares) {}

    /** A watched call with a demonstration that it was not graded against yet. @param demonstration an assistant's message, as JSON */
    public record Demonstrated(UUID trace, String request, String response, String demonstration) {}

    static void add(Connection connection, UUID trace, String grader, @Nullable Double score) throws SQLException {
        Rows.change(
                connection,
                "INSERT INTO watched_grade (trace, grader, score) VALUES (?, ?, ?::float8) ON CONFLICT DO NOTHING",
                trace,
                grader,
                score);
    }

    /** The grade against a demonstration goes: another may stand there now. */
    static void forgetDemonstrated(Connection connection, UUID trace) throws SQLException {
        Rows.change(connection, "DELETE FROM watched_grade WHERE grader = ? AND trace = ?", DEMONSTRATION, trace);
    }

    /**
     * Grades a watched call, once.
     *
     * @param score null where the grader has nothing to say of it
     */
    public void add(UUID trace, String grader, @Nullable Double score) {
        database.inTransaction(connection -> {
            add(connection, trace, grader, score);
            return trace;
        });
    }

    /** The demonstration on each watched call that has one and no such grade; where two people say otherwise, none counts. */
    public List<Demonstrated> demonstrated(UUID useCase, String grader, int most) {
        return database.inTransaction(connection -> Rows.list(
                connection,
                """
                SELECT DISTINCT ON (w.trace) w.trace, c.request, c.response, f.value
                  FROM watched_call w
                  JOIN trace_content c ON c.id = w.trace
                  JOIN demonstration_in_force f ON f.trace = w.trace
                 WHERE w.use_case = ? AND c.response IS NOT NULL
                   AND NOT EXISTS (SELECT FROM demonstration_in_force o WHERE o.trace = f.trace AND o.value::jsonb <> f.value::jsonb)
                   AND NOT EXISTS (SELECT FROM watched_grade g WHERE g.trace = w.trace AND g.grader = ?)
                 ORDER BY w.trace, f.id DESC
                 LIMIT ?
                """,
                row -> new Demonstrated(Rows.id(row, 1), row.getString(2), row.getString(3), row.getString(4)),
                useCase,
                grader,
                most));
    }

    /** Scores of sampled calls that are compared, in their order; without those of a grader. */
    public List<Value> scores(UUID useCase, Compared calls, String without) {
        return database.inTransaction(connection -> Rows.list(
                connection,
                """
                SELECT g.grader, w.position, w.recorded, g.score
                  FROM watched_call w JOIN watched_grade g ON g.trace = w.trace
                 WHERE w.use_case = ? AND w.sampled AND %s AND g.grader <> ? AND g.score IS NOT NULL
                 ORDER BY w.position, g.grader
                """.formatted(Compared.OF),
                row -> new Value(row.getString(1), row.getLong(2), Rows.time(row, 3), row.getDouble(4)),
                useCase,
                calls.from(),
                calls.to(),
                calls.then(),
                calls.now(),
                without));
    }

    /**
     * Feedback that counts and came within a time of its call, on sampled calls that are compared and old enough to have had it, in the order of the
     * calls: a value that depends on how long it took is then of both sides or of none.
     */
    public List<Value> feedback(UUID useCase, Compared calls, Duration within, Instant now) {
        return database.inTransaction(connection -> Rows.list(
                connection,
                """
                SELECT f.name, w.position, w.recorded, f.score
                  FROM watched_call w JOIN feedback_in_force f ON f.trace = w.trace
                 WHERE w.use_case = ? AND w.sampled AND %s AND w.recorded <= ?
                   AND f.score IS NOT NULL AND f.created <= w.recorded + make_interval(secs => ?)
                 ORDER BY w.position, f.id
                """.formatted(Compared.OF),
                row -> new Value(row.getString(1), row.getLong(2), Rows.time(row, 3), row.getDouble(4)),
                useCase,
                calls.from(),
                calls.to(),
                calls.then(),
                calls.now(),
                now.minus(within),
                (double) within.toSeconds()));
    }

    /**
     * Of each sampled call that is compared and old enough, whether feedback came within that time: 1 or 0. What is too young to have had it is left
     * out.
     */
    public List<Value> answered(UUID useCase, Compared calls, Duration within, Instant now) {
        return database.inTransaction(connection -> Rows.list(
                connection,
                """
                SELECT w.position, w.recorded,
                       CASE WHEN EXISTS (SELECT FROM feedback_in_force f
                                          WHERE f.trace = w.trace AND f.score IS NOT NULL
                                            AND f.created <= w.recorded + make_interval(secs => ?)) THEN 1 ELSE 0 END
                  FROM watched_call w
                 WHERE w.use_case = ? AND w.sampled AND %s AND w.recorded <= ?
                 ORDER BY w.position
                """.formatted(Compared.OF),
                row -> new Value("given", row.getLong(1), Rows.time(row, 2), row.getDouble(3)),
                (double) within.toSeconds(),
                useCase,
                calls.from(),
                calls.to(),
                calls.then(),
                calls.now(),
                now.minus(within)));
    }

    /** Sums by grader and day (UTC) of sampled calls, in order. */
    public List<Day> days(UUID useCase, Instant since) {
        return database.inTransaction(connection -> Rows.list(
                connection,
                """
                SELECT g.grader, (w.recorded AT TIME ZONE 'UTC')::date AS day, count(*), sum(g.score), sum(g.score * g.score)
                  FROM watched_call w JOIN watched_grade g ON g.trace = w.trace
                 WHERE w.use_case = ? AND w.sampled AND w.recorded >= ? AND g.score IS NOT NULL
                 GROUP BY 1, 2
                 ORDER BY 1, 2
                """,
                row -> new Day(
                        row.getString(1),
                        row.getObject(2, LocalDate.class),
                        row.getInt(3),
                        row.getDouble(4),
                        row.getDouble(5)),
                useCase,
                since));
    }
}
