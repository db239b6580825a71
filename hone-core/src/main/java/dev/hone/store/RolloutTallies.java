package dev.hone.store;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What came of the calls of a time, of those whom the candidate was to answer and of all others: by who was asked first, and not by who
 * answered in the end. The calls of an episode are alike, so that they count as one value, their mean.
 */
public final class RolloutTallies {
    /** Names of the sums. */
    public static final String ANSWERED = "answered";

    public static final String IN_TIME = "in_time";
    public static final String WITHIN_COST = "within_cost";
    public static final String QUALITY = "quality";
    public static final String FEEDBACK = "feedback";

    private static final List<String> MEASURES = List.of(ANSWERED, IN_TIME, WITHIN_COST, QUALITY, FEEDBACK);

    /**
     * Calls of users; those of an episode that began before are left out, since it has stayed with whom it began. What the gateway itself turned
     * away has asked nobody.
     */
    private static final String OF_USERS = """
            SELECT t.id, t.episode, coalesce(t.episode, t.id::text) AS unit, a.variant = ? AS candidate, t.variant = a.variant AS own,
                   t.ended, t.ms, t.cost, t.currency
              FROM trace t JOIN attempt a ON a.trace = t.id AND a.number = 1
             WHERE t.use_case = ? AND t.id >= least_id(?) AND t.id < least_id(?)
               AND a.trace >= least_id(?) AND a.trace < least_id(?)
               AND t.shadow_of IS NULL AND CASE WHEN a.variant = ? THEN a.model = ? ELSE coalesce(a.model = ?::text, true) END
               AND (t.episode IS NULL
                    OR NOT EXISTS (SELECT FROM trace b
                                    WHERE b.episode = t.episode AND b.use_case = t.use_case AND b.shadow_of IS NULL
                                      AND b.id < least_id(?)))
            """;

    /** Calls of users, and the copies of them that the candidate answered for nobody. */
    private static final String OF_COPIES = """
            SELECT t.id, t.episode, coalesce(t.episode, t.id::text) AS unit, t.shadow_of IS NOT NULL AS candidate,
                   t.variant = a.variant AS own, t.ended, t.ms, t.cost, t.currency
              FROM trace t JOIN attempt a ON a.trace = t.id AND a.number = 1
             WHERE t.use_case = ? AND t.id >= least_id(?) AND t.id < least_id(?)
               AND a.trace >= least_id(?) AND a.trace < least_id(?)
               AND CASE WHEN t.shadow_of IS NULL THEN a.variant <> ? AND coalesce(a.model = ?::text, true) ELSE a.variant = ? AND a.model = ? END
            """;

    private static final String SUMS = """
            WITH metric AS (
                SELECT * FROM unnest(?::text[], ?::float8[], ?::float8[], ?::boolean[]) AS m (name, low, high, fewer)),
            call AS (
            %s),
            said AS (
                SELECT c.id, f.name, f.score
                  FROM call c JOIN feedback_in_force f ON f.trace = c.id
                 WHERE c.own AND f.score IS NOT NULL AND ?
                 UNION ALL
                SELECT c.id, f.name, f.score
                  FROM call c JOIN feedback_in_force f ON f.episode = c.episode AND f.use_case = ?
                 WHERE c.own AND c.episode IS NOT NULL AND f.score IS NOT NULL AND ?),
            feedback_of AS (
                SELECT s.id, avg(CASE WHEN m.fewer THEN 1 - least(1, greatest(0, (s.score - m.low) / (m.high - m.low)))
                                      ELSE least(1, greatest(0, (s.score - m.low) / (m.high - m.low))) END) AS value
                  FROM said s JOIN metric m ON m.name = s.name
                 GROUP BY s.id),
            unit AS (
                SELECT c.candidate,
                       avg((c.own AND c.ended = 'answered')::integer) AS answered,
                       avg((c.own AND c.ended = 'answered' AND c.ms <= ?::float8)::integer) AS in_time,
                       avg(CASE WHEN c.currency = ? THEN (c.cost <= ?::numeric)::integer END) AS within_cost,
                       avg(CASE WHEN c.own THEN g.score END) AS quality,
                       avg(f.value) AS feedback
                  FROM call c
                  LEFT JOIN rollout_grade g ON g.rollout = ? AND g.trace = c.id
                  LEFT JOIN feedback_of f ON f.id = c.id
                 GROUP BY c.candidate, c.unit)
            SELECT candidate, count(answered), sum(answered)::float8, count(in_time), sum(in_time)::float8,
                   count(within_cost), sum(within_cost)::float8, count(quality), sum(quality)::float8,
                   count(feedback), sum(feedback)::float8
              FROM unit GROUP BY candidate
            """;

    /** That it may take; others want the database, too. */
    static final Duration LONGEST = Duration.ofSeconds(60);

    private final Database database;
    private final Duration longest;

    public RolloutTallies(Database database) {
        this(database, LONGEST);
    }

    /** @param longest that it may take */
    RolloutTallies(Database database, Duration longest) {
        this.database = database;
        this.longest = longest;
    }

    /**
     * A metric of feedback as a value from 0 to 1.
     *
     * @param low that becomes 0
     * @param high that becomes 1
     * @param fewer whether it is the other way round
     */
    public record Metric(String name, double low, double high, boolean fewer) {}

    /**
     * What is asked for.
     *
     * @param from when the calls began
     * @param to before which they began
     * @param variant name of the candidate's
     * @param model what the candidate is called by whoever asks it
     * @param baseline what the version that it is compared with is called by whoever asks it; null where it is compared with all others
     * @param copies whether the candidate answered copies, for nobody
     * @param within longest that a call may take; null where nobody says
     * @param most that a call may cost; null where nobody says
     * @param currency of that
     * @param metrics that count as feedback
     */
    public record Asked(
            UUID rollout,
            UUID useCase,
            Instant from,
            Instant to,
            String variant,
            String model,
            @Nullable String baseline,
            boolean copies,
            @Nullable Duration within,
            @Nullable BigDecimal most,
            String currency,
            List<Metric> metrics) {
        public Asked {
            metrics = List.copyOf(metrics);
        }
    }

    /** How many values there are, from 0 to 1, and their sum. */
    public record Sum(long count, double sum) {
        public static final Sum NONE = new Sum(0, 0);
    }

    /** By the name of the measure. */
    public record Sums(Map<String, Sum> others, Map<String, Sum> candidate) {
        public Sums {
            others = Map.copyOf(others);
            candidate = Map.copyOf(candidate);
        }
    }

    /** @throws StoreException when it takes too long, and whatever else is wrong with the database */
    public Sums of(Asked asked) {
        return database.inTransaction(connection -> {
            bound(connection, longest);
            return of(connection, asked);
        });
    }

    static void bound(Connection connection, Duration longest) throws SQLException {
        Rows.change(connection, "SET LOCAL statement_timeout = " + longest.toMillis());
    }

    private static Sums of(Connection connection, Asked asked) throws SQLException {
        Map<String, Sum> others = new HashMap<>();
        Map<String, Sum> candidate = new HashMap<>();
        try (PreparedStatement select = prepare(connection, asked, "");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                Map<String, Sum> arm = row.getBoolean(1) ? candidate : others;
                for (int i = 0; i < MEASURES.size(); i++) {
                    long count = row.getLong(2 + 2 * i);
                    arm.put(MEASURES.get(i), new Sum(count, Math.clamp(row.getDouble(3 + 2 * i), 0, count)));
                }
            }
        }
        return new Sums(others, candidate);
    }

    /** How the database finds them. */
    List<String> plan(Asked asked) {
        return database.inTransaction(connection -> {
            List<String> lines = new ArrayList<>();
            try (PreparedStatement select = prepare(connection, asked, "EXPLAIN ");
                    ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    lines.add(row.getString(1));
                }
            }
            return lines;
        });
    }

    /** @param before the statement; empty, or what asks for its plan */
    private static PreparedStatement prepare(Connection connection, Asked asked, String before) throws SQLException {
        PreparedStatement select =
                connection.prepareStatement(before + SUMS.formatted(asked.copies() ? OF_COPIES : OF_USERS));
        List<Metric> metrics = asked.metrics();
        select.setArray(1, Traces.array(connection, "text", metrics, Metric::name));
        select.setArray(2, Traces.array(connection, "float8", metrics, Metric::low));
        select.setArray(3, Traces.array(connection, "float8", metrics, Metric::high));
        select.setArray(4, Traces.array(connection, "bool", metrics, Metric::fewer));
        int at = 5;
        if (!asked.copies()) {
            select.setString(at++, asked.variant());
        }
        select.setObject(at++, asked.useCase());
        for (int i = 0; i < 2; i++) {
            select.setObject(at++, asked.from().atOffset(ZoneOffset.UTC));
            select.setObject(at++, asked.to().atOffset(ZoneOffset.UTC));
        }
        select.setString(at++, asked.variant());
        if (asked.copies()) {
            select.setString(at++, asked.baseline());
            select.setString(at++, asked.variant());
            select.setString(at++, asked.model());
        } else {
            select.setString(at++, asked.model());
            select.setString(at++, asked.baseline());
            select.setObject(at++, asked.from().atOffset(ZoneOffset.UTC));
        }
        select.setBoolean(at++, !metrics.isEmpty());
        select.setObject(at++, asked.useCase());
        select.setBoolean(at++, !metrics.isEmpty());
        Duration within = asked.within();
        select.setObject(at++, within == null ? null : within.toNanos() / 1e6, Types.DOUBLE);
        select.setString(at++, asked.currency());
        select.setBigDecimal(at++, asked.most());
        select.setObject(at, asked.rollout());
        return select;
    }
}
