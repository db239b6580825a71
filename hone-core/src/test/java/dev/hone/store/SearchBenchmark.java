package dev.hone.store;

import dev.hone.record.CapturedCall.End;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes synthetic traces straight in a database of its own, and measures every kind of search and of figures over them:
 * {@code SearchBenchmark HOME [TRACES]}. With fewer traces than are there already nothing is made.
 */
public final class SearchBenchmark {
    private static final int ROUNDS = 7;
    private static final int BATCH = 100_000;
    private static final int DAYS = 90;
    private static final String PROJECT = "default";

    private SearchBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        long wanted = arguments.length > 1 ? Long.parseLong(arguments[1]) : 1_000_000;
        try (Database database = Database.open(Map.of(), Path.of(arguments[0]), System.err::println)) {
            fill(database, wanted);
            System.out.printf("%d traces, %s%n", count(database), size(database));
            measure(database);
        }
    }

    private static long count(Database database) {
        return Long.parseLong(text(database, "SELECT count(*) FROM trace"));
    }

    private static String size(Database database) {
        return text(database, """
                SELECT concat('trace ', pg_size_pretty(sum(pg_total_relation_size(c.oid)) FILTER (WHERE relname ~ '^trace_[0-9]')),
                              ', content ', pg_size_pretty(sum(pg_total_relation_size(c.oid)) FILTER (WHERE relname ~ '^trace_content_')),
                              ', attempts ', pg_size_pretty(sum(pg_total_relation_size(c.oid)) FILTER (WHERE relname ~ '^attempt_')),
                              ', feedback ', pg_size_pretty(sum(pg_total_relation_size(c.oid)) FILTER (WHERE relname = 'feedback')))
                  FROM pg_class c WHERE relkind = 'r'
                """);
    }

    private static String text(Database database, String sql) {
        return database.inTransaction(connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(sql)) {
                row.next();
                return row.getString(1);
            }
        });
    }

    /** Spread over 90 days, 20 use cases of very different sizes, 3 variants; 1 in 50 without an answer, 1 in 20 judged. */
    private static void fill(Database database, long wanted) {
        Instant first = LocalDate.now(ZoneOffset.UTC)
                .minusDays(DAYS)
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant();
        database.inTransaction(connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute("""
                        INSERT INTO use_case (id, name)
                        SELECT gen_random_uuid(), 'use-' || n FROM generate_series(0, 19) AS n ON CONFLICT DO NOTHING
                        """);
                statement.execute("SELECT make_room(now() - n * interval '1 day') FROM generate_series(-1, %d) AS n"
                        .formatted(DAYS + 1));
            }
            return 0;
        });
        for (long from = count(database); from < wanted; from += BATCH) {
            long begin = from;
            long end = Math.min(wanted, from + BATCH);
            database.inTransaction(connection -> {
                try (PreparedStatement statement = connection.prepareStatement("""
                        CREATE TEMP TABLE made ON COMMIT DROP AS
                        SELECT n, (lpad(to_hex(?::bigint + n * ? / ?), 12, '0') || '7' || lpad(to_hex(n & 4095), 3, '0') || '8'
                                   || lpad(to_hex(n), 15, '0'))::uuid AS id,
                               floor(20 * power(random(), 3))::integer AS use, random() AS r, random() AS s
                          FROM generate_series(?::bigint, ?::bigint) AS n
                        """)) {
                    statement.setLong(1, first.toEpochMilli());
                    statement.setLong(2, DAYS * 86_400_000L);
                    statement.setLong(3, wanted);
                    statement.setLong(4, begin);
                    statement.setLong(5, end - 1);
                    statement.execute();
                }
                try (Statement statement = connection.createStatement()) {
                    statement.execute("""
                            INSERT INTO trace (id, use_case, occurred, path, model, route, variant, stream, status, ended, first_byte_ms, ms,
                                               prompt_tokens, cached_tokens, completion_tokens, cost, currency, episode, metadata)
                            SELECT m.id, u.id, id_time(m.id), '/v1/chat/completions', 'use-case/use-' || use, 'use-' || use,
                                   CASE WHEN r < 0.8 THEN 'incumbent' WHEN r < 0.99 THEN 'tuned' ELSE 'next' END, false,
                                   CASE WHEN s < 0.98 THEN 200 ELSE 503 END, CASE WHEN s < 0.98 THEN 'answered' ELSE 'refused' END,
                                   200 * exp(r), 900 * exp(2 * s), 400, 0, 80, 0.000288, 'USD', 'episode-' || n / 5,
                                   jsonb_build_object('release', (n / 20000)::text, 'team', (n % 4)::text, 'order', n::text)
                              FROM made m JOIN use_case u ON u.name = 'use-' || use
                            """);
                    statement.execute("""
                            INSERT INTO trace_content (id, request, response)
                            SELECT id,
                                   '{"model":"use-case/use-' || use || '","messages":[{"role":"system","content":"You answer customers of a shop, politely and in two sentences. Say what you do next."},{"role":"user","content":"Order '
                                   || n || ': ' || md5(n::text) || ' ' || md5(r::text) || ' ' || md5(s::text) || ' where is it, and who brings it?"}]}',
                                   '{"choices":[{"index":0,"message":{"role":"assistant","content":"I looked for ' || md5(s::text) || '. It left on day '
                                   || n % 30 || ' and ' || md5(r::text) || ' brings it."},"finish_reason":"stop"}],"usage":{"prompt_tokens":400,"completion_tokens":80}}'
                              FROM made
                            """);
                    statement.execute(
                            "INSERT INTO attempt (trace, number, variant, upstream, model, status, ms) SELECT id, 1, 'v', 'up', 'm', 200, 900 FROM made");
                    statement.execute("""
                            INSERT INTO feedback (id, trace, use_case, kind, name, value, score, day, route, variant)
                            SELECT gen_random_uuid(), m.id, u.id, 'float', 'stars', (1 + n % 5)::text::json, 1 + n % 5, trace_day(m.id, NULL),
                                   'use-' || use, 'incumbent'
                              FROM made m JOIN use_case u ON u.name = 'use-' || use WHERE n % 20 = 0
                            """);
                    statement.execute("SELECT book_calls(array(SELECT id FROM made))");
                    statement.execute(
                            "SELECT book_feedback(array(SELECT f.id FROM feedback f JOIN made m ON m.id = f.trace))");
                }
                return 0;
            });
            System.err.printf("%d of %d%n", end, wanted);
        }
        text(database, "SELECT 1");
        database.inTransaction(connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute("ANALYZE");
            }
            return 0;
        });
    }

    private static TraceQuery where(
            @Nullable String useCase,
            @Nullable String variant,
            @Nullable End ended,
            @Nullable Integer status,
            Map<String, String> tags,
            @Nullable String episode,
            TraceQuery.@Nullable Judged judged,
            @Nullable String text) {
        return new TraceQuery(
                PROJECT,
                useCase,
                variant,
                null,
                ended == null ? Set.of() : Set.of(ended),
                status,
                null,
                null,
                tags,
                episode,
                judged,
                text,
                false);
    }

    private static void measure(Database database) {
        TraceSearch search = new TraceSearch(database);
        Usage usage = new Usage(database);
        Instant then = Instant.now().minusSeconds(40 * 86_400L);
        UUID middle = UUID.fromString(text(database, "SELECT least_id(now() - interval '45 days')"));
        String first = text(database, "SELECT id FROM trace ORDER BY id LIMIT 1");
        Map<String, TraceQuery> filters = new LinkedHashMap<>();
        filters.put("newest", TraceQuery.of(PROJECT));
        filters.put("of a large use case", where("use-0", null, null, null, Map.of(), null, null, null));
        filters.put("of a small use case", where("use-19", null, null, null, Map.of(), null, null, null));
        filters.put("of a rare variant", where(null, "next", null, null, Map.of(), null, null, null));
        filters.put("of no variant that there is", where(null, "none", null, null, Map.of(), null, null, null));
        filters.put("refused", where(null, null, End.REFUSED, null, Map.of(), null, null, null));
        filters.put(
                "refused, of a small use case", where("use-19", null, End.REFUSED, null, Map.of(), null, null, null));
        filters.put("status 503", where(null, null, null, 503, Map.of(), null, null, null));
        filters.put(
                "40 days ago",
                new TraceQuery(
                        PROJECT,
                        null,
                        null,
                        null,
                        Set.of(),
                        null,
                        then,
                        then.plusSeconds(3_600),
                        Map.of(),
                        null,
                        null,
                        null,
                        false));
        filters.put("tag of one trace", where(null, null, null, null, Map.of("order", "4711"), null, null, null));
        filters.put("tag of 20,000 traces", where(null, null, null, null, Map.of("release", "1"), null, null, null));
        filters.put("tag of a quarter", where(null, null, null, null, Map.of("team", "1"), null, null, null));
        filters.put("tag of none", where(null, null, null, null, Map.of("order", "none"), null, null, null));
        filters.put("episode", where(null, null, null, null, Map.of(), "episode-99", null, null));
        filters.put(
                "with feedback",
                where(null, null, null, null, Map.of(), null, new TraceQuery.Judged(null, null, null), null));
        filters.put(
                "with feedback of 1",
                where(null, null, null, null, Map.of(), null, new TraceQuery.Judged("stars", null, 1.0), null));
        filters.put(
                "with feedback of 9, which none has",
                where(null, null, null, null, Map.of(), null, new TraceQuery.Judged("stars", 9.0, null), null));
        filters.put("text of most", where(null, null, null, null, Map.of(), null, null, "who brings it"));
        filters.put("text of none", where(null, null, null, null, Map.of(), null, null, "nobody says this"));
        filters.put(
                "text of none, of a small use case",
                where("use-19", null, null, null, Map.of(), null, null, "nobody says this"));
        System.out.println("| search, 50 a page | median ms | worst ms | found | looked through |");
        System.out.println("| --- | ---: | ---: | ---: | --- |");
        filters.forEach((name, filter) -> {
            TraceSearch.Page page = search.find(filter, null, 50);
            print(
                    name,
                    times(() -> search.find(filter, null, 50)),
                    page.traces().size(),
                    reach(page));
        });
        print("newest, from the middle on", times(() -> search.find(TraceQuery.of(PROJECT), middle, 50)), 50, "page");
        print(
                "one trace, with what it says",
                times(() -> {
                    search.find(PROJECT, UUID.fromString(first));
                    new TraceDetails(database).find(PROJECT, UUID.fromString(first));
                }),
                1,
                "all");
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        for (int days : new int[] {1, 30, 91}) {
            LocalDate from = today.minusDays(days);
            figures(usage, days, new Usage.Asked(PROJECT, from, today, null, Set.of(Usage.By.ROUTE), Usage.Times.NONE));
            figures(
                    usage,
                    days,
                    new Usage.Asked(PROJECT, from, today, null, Set.of(Usage.By.values()), Usage.Times.NONE));
            figures(
                    usage,
                    days,
                    new Usage.Asked(
                            PROJECT, from, today, "use-0", Set.of(Usage.By.DAY, Usage.By.VARIANT), Usage.Times.ALL));
            figures(
                    usage,
                    days,
                    new Usage.Asked(PROJECT, from, today, null, Set.of(Usage.By.ROUTE), Usage.Times.WHOLE));
        }
    }

    private static void figures(Usage usage, int days, Usage.Asked asked) {
        String by = asked.by().stream()
                .map(one -> one.name().toLowerCase(Locale.ROOT))
                .sorted()
                .collect(Collectors.joining(", "));
        print(
                "figures of %d days by %s%s%s"
                        .formatted(
                                days,
                                by,
                                asked.route() == null ? "" : ", of one use case",
                                switch (asked.times()) {
                                    case NONE -> "";
                                    case WHOLE -> ", with times to the end";
                                    case ALL -> ", with times";
                                }),
                times(() -> usage.lines(asked)),
                usage.lines(asked).size(),
                "all");
    }

    /** How far a page got. */
    private static String reach(TraceSearch.Page page) {
        return page.full() ? "page" : page.next() == null ? "all" : "in part";
    }

    private static double[] times(Runnable query) {
        query.run();
        List<Double> times = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            long from = System.nanoTime();
            query.run();
            times.add((System.nanoTime() - from) / 1e6);
        }
        return times.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    }

    private static void print(String name, double[] times, int found, String reach) {
        System.out.println("| %s | %.0f | %.0f | %d | %s |"
                .formatted(
                        name,
                        times[times.length / 2],
                        Arrays.stream(times).max().orElseThrow(),
                        found,
                        reach));
    }
}
