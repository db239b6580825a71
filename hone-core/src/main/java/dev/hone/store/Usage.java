package dev.hone.store;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What calls and feedback come to, by use case, variant and day: read from sums that are kept with the traces, and outlive them. */
public final class Usage {
    private final Database database;

    public Usage(Database database) {
        this.database = database;
    }

    /** What figures are told apart by. */
    public enum By {
        DAY,
        /** The use case, or the server and model that a call named itself. */
        ROUTE,
        VARIANT;

        private String column() {
            return switch (this) {
                case DAY -> "day";
                case ROUTE -> "route";
                case VARIANT -> "variant";
            };
        }
    }

    /** Which histograms of times. */
    public enum Times {
        NONE,
        /** To the end of an answer. */
        WHOLE,
        /** To its first byte as well. */
        ALL
    }

    /**
     * What is asked for.
     *
     * @param from first day, in UTC
     * @param to last day, in UTC
     * @param route of these calls alone; null for all
     * @param by one line for each of these
     * @param times which histograms are wanted, of which there are many more rows than of all else
     */
    public record Asked(
            String project,
            LocalDate from,
            LocalDate to,
            @Nullable String route,
            Set<By> by,
            Times times) {
        public Asked {
            by = Set.copyOf(by);
        }
    }

    /**
     * What a line is about.
     *
     * @param day null where days are not told apart
     * @param route null where routes are not told apart
     * @param variant null where variants are not told apart
     * @param shadow whether these are copies for variants that answer nobody
     */
    public record Key(
            @Nullable LocalDate day,
            @Nullable String route,
            @Nullable String variant,
            boolean shadow) {}

    /**
     * Sums over calls.
     *
     * @param refused nobody answered, or the request was refused
     * @param broken the server stopped in the middle
     * @param abandoned the client left
     * @param retries attempts after the first of each call
     * @param counted calls whose tokens are known
     * @param priced calls whose cost is known
     */
    public record Sums(
            long calls,
            long refused,
            long broken,
            long abandoned,
            long retries,
            long counted,
            long promptTokens,
            long cachedTokens,
            long completionTokens,
            long priced) {
        static final Sums NONE = new Sums(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

        /** That a server refused, or broke off. */
        public long errors() {
            return refused + broken;
        }
    }

    /**
     * Feedback of one name and kind.
     *
     * @param given how often
     * @param score sum over all
     */
    public record Judged(String name, String kind, long given, BigDecimal score) {
        public double mean() {
            return given == 0 ? Double.NaN : score.doubleValue() / given;
        }
    }

    /**
     * Figures of one key.
     *
     * @param spend exact, by currency
     * @param whole times to the end of an answer; empty where they were not asked for
     * @param firstByte times to its first byte; empty where they were not asked for
     * @param judged by name and kind
     */
    public record Line(
            Key key,
            Sums sums,
            Map<String, BigDecimal> spend,
            TimeHistogram whole,
            TimeHistogram firstByte,
            List<Judged> judged) {}

    /** One line for each key that has calls or feedback, by day, route and variant. */
    public List<Line> lines(Asked asked) {
        return database.inTransaction(connection -> {
            Map<Key, Sums> sums = sums(connection, asked);
            Map<Key, Map<String, BigDecimal>> spend = spend(connection, asked);
            Map<Key, Map<String, long[]>> times = switch (asked.times()) {
                case NONE -> Map.of();
                case WHOLE -> times(connection, asked, " AND measure = 'whole'");
                case ALL -> times(connection, asked, "");
            };
            Map<Key, List<Judged>> judged = judged(connection, asked);
            return Stream.concat(sums.keySet().stream(), judged.keySet().stream())
                    .distinct()
                    .sorted(Comparator.comparing(Usage::order))
                    .map(key -> new Line(
                            key,
                            sums.getOrDefault(key, Sums.NONE),
                            spend.getOrDefault(key, Map.of()),
                            TimeHistogram.of(times.getOrDefault(key, Map.of()).get("whole")),
                            TimeHistogram.of(times.getOrDefault(key, Map.of()).get("first_byte")),
                            judged.getOrDefault(key, List.of())))
                    .toList();
        });
    }

    /** Adds calls that are new. */
    static void bookCalls(Connection connection, Collection<UUID> ids) throws SQLException {
        book(connection, "SELECT book_calls(?)", ids);
    }

    /** Adds feedback that is new. */
    static void bookFeedback(Connection connection, Collection<UUID> ids) throws SQLException {
        book(connection, "SELECT book_feedback(?)", ids);
    }

    private static void book(Connection connection, String sql, Collection<UUID> ids) throws SQLException {
        if (ids.isEmpty()) {
            return;
        }
        try (PreparedStatement book = connection.prepareStatement(sql)) {
            book.setArray(1, Traces.array(connection, "uuid", List.copyOf(ids), id -> id));
            book.execute();
        }
    }

    private static String order(Key key) {
        return "%s\0%s\0%s\0%s".formatted(key.day(), key.route(), key.variant(), key.shadow());
    }

    /** What a row of each query does. */
    private interface Row {
        void take(Key key, ResultSet row) throws SQLException;
    }

    private static Map<Key, Sums> sums(Connection connection, Asked asked) throws SQLException {
        Map<Key, Sums> sums = new HashMap<>();
        query(
                connection,
                asked,
                "usage_day",
                "shadow",
                "",
                "sum(calls), sum(refused), sum(broken), sum(abandoned), sum(retries), sum(counted), sum(prompt_tokens), sum(cached_tokens), sum(completion_tokens), sum(priced)",
                "",
                (key, row) -> sums.put(
                        key,
                        new Sums(
                                row.getLong(5),
                                row.getLong(6),
                                row.getLong(7),
                                row.getLong(8),
                                row.getLong(9),
                                row.getLong(10),
                                row.getLong(11),
                                row.getLong(12),
                                row.getLong(13),
                                row.getLong(14))));
        return sums;
    }

    private static Map<Key, Map<String, BigDecimal>> spend(Connection connection, Asked asked) throws SQLException {
        Map<Key, Map<String, BigDecimal>> spend = new HashMap<>();
        query(
                connection,
                asked,
                "spend_day",
                "shadow",
                ", currency",
                "currency, sum(amount)",
                "",
                (key, row) ->
                        spend.computeIfAbsent(key, one -> new TreeMap<>()).put(row.getString(5), row.getBigDecimal(6)));
        return spend;
    }

    private static Map<Key, Map<String, long[]>> times(Connection connection, Asked asked, String measure)
            throws SQLException {
        Map<Key, Map<String, long[]>> times = new HashMap<>();
        query(
                connection,
                asked,
                "time_day",
                "shadow",
                ", measure, bucket",
                "measure, bucket, sum(calls)",
                measure,
                (key, row) -> times.computeIfAbsent(key, one -> new HashMap<>())
                                .computeIfAbsent(row.getString(5), one -> new long[TimeHistogram.BUCKETS])[
                                row.getInt(6)] =
                        row.getLong(7));
        return times;
    }

    private static Map<Key, List<Judged>> judged(Connection connection, Asked asked) throws SQLException {
        Map<Key, List<Judged>> judged = new HashMap<>();
        query(
                connection,
                asked,
                "feedback_day",
                "false",
                ", name, kind",
                "name, kind, sum(given), sum(score)",
                "",
                (key, row) -> judged.computeIfAbsent(key, one -> new ArrayList<>())
                        .add(new Judged(row.getString(5), row.getString(6), row.getLong(7), row.getBigDecimal(8))));
        return judged;
    }

    /** Every piece of the statement is one of this class; what somebody says is a parameter. */
    private static void query(
            Connection connection,
            Asked asked,
            String table,
            String shadow,
            String also,
            String figures,
            String where,
            Row taken)
            throws SQLException {
        String keys = Stream.of(By.values())
                .map(by -> (asked.by().contains(by) ? "" : "NULL AS ") + by.column())
                .collect(Collectors.joining(", "));
        String groups = Stream.of(By.values())
                .filter(asked.by()::contains)
                .map(by -> by.column() + ", ")
                .collect(Collectors.joining());
        String sql = """
                SELECT %s, %s AS copy, %s FROM %s
                 WHERE project = (SELECT id FROM project WHERE name = ?) AND day BETWEEN ? AND ? AND (?::text IS NULL OR route = ?)%s
                 GROUP BY %s copy%s
                 ORDER BY %s copy%s
                """.formatted(keys, shadow, figures, table, where, groups, also, groups, also);
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, asked.project());
            select.setDate(2, Date.valueOf(asked.from()));
            select.setDate(3, Date.valueOf(asked.to()));
            select.setString(4, asked.route());
            select.setString(5, asked.route());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    Date day = row.getDate(1);
                    taken.take(
                            new Key(
                                    day == null ? null : day.toLocalDate(),
                                    row.getString(2),
                                    row.getString(3),
                                    row.getBoolean(4)),
                            row);
                }
            }
        }
    }
}
