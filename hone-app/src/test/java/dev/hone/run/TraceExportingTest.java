package dev.hone.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hardwood.InputFile;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import dev.hone.record.AnswerLogprob;
import dev.hone.record.CallUsage;
import dev.hone.record.CapturedCall;
import dev.hone.record.CapturedCall.Attempt;
import dev.hone.record.CapturedCall.End;
import dev.hone.record.CapturedCall.Facts;
import dev.hone.record.CapturedCall.Origin;
import dev.hone.record.Feedback;
import dev.hone.record.Ids;
import dev.hone.record.Money;
import dev.hone.record.Project;
import dev.hone.record.Retention;
import dev.hone.record.StoredTrace;
import dev.hone.store.AuditLog;
import dev.hone.store.BundledDatabase;
import dev.hone.store.Calls;
import dev.hone.store.Calls.Checkpoint;
import dev.hone.store.Database;
import dev.hone.store.Feedbacks;
import dev.hone.store.Projects;
import dev.hone.store.StoreFixture;
import dev.hone.store.StoredTraces;
import dev.hone.store.TraceQuery;
import dev.hone.store.TraceRestore;
import dev.hone.store.TraceRetention;
import dev.hone.store.Traces;
import dev.hone.store.UseCases;
import dev.hone.task.TraceFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes out of one database comes into an empty one as it was: two databases of one bundled server. */
final class TraceExportingTest {
    private static final List<String> TABLES = List.of(
            "SELECT (to_jsonb(x) - 'project' - 'use_case')::text || p.name || coalesce(u.name, '') FROM trace x"
                    + " JOIN project p ON p.id = x.project LEFT JOIN use_case u ON u.id = x.use_case"
                    + " WHERE p.name = 'default' ORDER BY x.id",
            "SELECT c.id || c.request || coalesce(c.response, 'null') FROM trace_content c JOIN trace t ON t.id = c.id"
                    + " JOIN project p ON p.id = t.project WHERE p.name = 'default' ORDER BY c.id",
            "SELECT to_jsonb(x)::text FROM attempt x JOIN trace t ON t.id = x.trace JOIN project p ON p.id = t.project"
                    + " WHERE p.name = 'default' ORDER BY x.trace, number",
            "SELECT (to_jsonb(x) - 'use_case')::text || u.name FROM imported x JOIN use_case u ON u.id = x.use_case ORDER BY x.trace",
            "SELECT (to_jsonb(x) - 'project' - 'use_case' - 'value')::text || value::text || p.name || coalesce(u.name, '')"
                    + " FROM feedback x JOIN project p ON p.id = x.project LEFT JOIN use_case u ON u.id = x.use_case ORDER BY x.id",
            by("usage_day"),
            by("spend_day"),
            by("time_day"),
            by("feedback_day"),
            "SELECT to_jsonb(x)::text FROM key_spend x ORDER BY 1");

    private static final UUID KEY = Ids.next();

    /** Neither spaces nor numbers nor the order and number of keys may change. */
    private static final List<String> BODIES = List.of(
            "{\"model\": \"m\",  \"temperature\": 1.00, \"messages\":[{\"role\":\"user\",\"content\":\"Gr\\u00fc\\u00dfe <EMAIL_1>, 1e5\"}],"
                    + " \"tools\":[{\"z\":1,\"a\":1E+2}]}",
            "{\"a\":1,\"a\":2}",
            "{\n  \"messages\": []\n}",
            "data: no JSON at all \"\\\u2028\t",
            "{\"cut\": ",
            "[" + "[".repeat(498) + "]".repeat(498) + "]",
            "",
            "{},{}",
            "\"text\"");

    @TempDir
    static Path home;

    private static Database database;
    private static Database empty;

    @TempDir
    Path folder;

    private static String by(String table) {
        return "SELECT (to_jsonb(x) - 'project')::text || p.name FROM %s x JOIN project p ON p.id = x.project WHERE p.name = 'default' ORDER BY 1"
                .formatted(table);
    }

    @BeforeAll
    static void open() throws Exception {
        database = Database.open(Map.of(), home, text -> {});
        String password =
                Files.readString(home.resolve("db").resolve("password")).strip();
        Integer port = new BundledDatabase(home).status().port();
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:%d/postgres".formatted(port), "hone", password);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE restored");
        }
        empty = Database.open(
                Map.of("HONE_DB_URL", "postgresql://hone:%s@127.0.0.1:%d/restored".formatted(password, port)),
                home,
                text -> {});
        fill();
    }

    @AfterAll
    static void close() {
        empty.close();
        database.close();
    }

    private static CapturedCall call(
            Instant started, String route, boolean useCase, Origin origin, @Nullable Money cost, int at) {
        return new CapturedCall(
                new Facts(
                        Ids.of(started, route + at),
                        started,
                        "/v1/chat/completions",
                        useCase ? "use-case/" + route : route,
                        route,
                        useCase,
                        at % 2 == 0 ? "tuned" : "",
                        origin,
                        at % 3 == 0,
                        at % 4 == 3 ? 502 : 200,
                        End.values()[at % 4],
                        at % 2 == 0 ? null : 0.1 + at,
                        at % 3 == 0 ? Double.NaN : 1234.567891234,
                        at % 2 == 0 ? new CallUsage(12L, null, 3_000_000_000L) : CallUsage.UNKNOWN,
                        cost,
                        List.of(
                                new Attempt(1, "a", "up", "m", null, "timeout", 2.25, null),
                                new Attempt(
                                        2,
                                        "b",
                                        "up",
                                        "m",
                                        200,
                                        null,
                                        10,
                                        new BigDecimal("0.000100"),
                                        at % 2 == 0 ? null : new AnswerLogprob(-1.25e-9 - at, 41)))),
                BODIES.get(at % BODIES.size()).getBytes(StandardCharsets.UTF_8),
                BODIES.get((at + 3) % BODIES.size()).getBytes(StandardCharsets.UTF_8));
    }

    private static Feedback said(
            @Nullable UUID trace, @Nullable String episode, Feedback.Kind kind, String value, @Nullable Double score) {
        UUID id = Ids.next();
        return new Feedback(
                id,
                Project.DEFAULT,
                trace,
                episode == null ? null : "support",
                episode,
                kind,
                "stars",
                value,
                score,
                episode == null ? "ann" : null,
                Instant.parse("2026-05-01T10:00:00.000001Z"),
                Instant.parse("2026-05-02T10:00:00Z"),
                score == null ? null : "caller-" + id,
                "0".repeat(64),
                KEY,
                true,
                "b".repeat(64));
    }

    private static void fill() throws IOException {
        Instant start = Instant.parse("2026-03-31T23:59:59.123456Z");
        Origin own = new Origin(
                Project.DEFAULT, KEY, "e-1", "f".repeat(64), Map.of("release", "42", "x", "ü\n"), "a".repeat(64), null);
        Origin plain = Origin.NONE;
        Origin other = new Origin("shop", null, null, null, Map.of(), null, null);
        List<CapturedCall> calls = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            calls.add(call(
                    start.plusMillis(i),
                    "support",
                    true,
                    i % 2 == 0 ? own : plain,
                    new Money(new BigDecimal("0.00012300" + i), "USD"),
                    i));
        }
        calls.add(call(start.plusSeconds(90), "openai/m", false, own, null, 1));
        calls.add(call(start.plusSeconds(91), "elsewhere", true, other, null, 2));
        UUID first = calls.getFirst().facts().id();
        calls.add(call(
                start.plusSeconds(92),
                "support",
                true,
                new Origin(Project.DEFAULT, null, "e-1", null, Map.of(), null, first),
                new Money(new BigDecimal("12345678901234567890.000000000000000001"), "EUR"),
                4));
        List<Feedback> feedback = List.of(
                said(first, null, Feedback.Kind.FLOAT, "4.5", 4.5),
                said(first, null, Feedback.Kind.COMMENT, "\"so \\u00fc\"", null),
                said(
                        calls.get(3).facts().id(),
                        null,
                        Feedback.Kind.PREFERENCE,
                        "{\"chosen\": \"a\", \"rejected\":\"b\"}",
                        null),
                said(null, "e-1", Feedback.Kind.OUTCOME, "true", 1.0));
        new Calls(database).add(UUID.randomUUID(), new Checkpoint(1, 1), calls, feedback, new Feedbacks.Ruling() {
            @Override
            public Optional<String> objection(Feedback one, @Nullable String useCase) {
                return Optional.empty();
            }

            @Override
            public void aside(Feedback one, String why) {
                throw new AssertionError(why);
            }
        });
        Path rows = Files.writeString(home.resolve("rows.jsonl"), """
                {"id": "r-1", "input": "q", "output": "a", "response": "b", "metadata": {"n": 1}, "created": "2026-01-31"}
                {"input": "q2", "output": "a2"}
                """);
        new TraceImport(new UseCases(database), new Traces(database))
                .run("labelled", null, rows, "response", false, (stage, done, total, lines) -> {});
        // What they say may be gone before what is known of them.
        StoreFixture.change(
                database,
                "DELETE FROM trace_content WHERE id = ?",
                calls.get(5).facts().id());
    }

    private static TraceExporting.Result export(TraceQuery filter, TraceSink sink) throws IOException {
        return new TraceExporting(new StoredTraces(database), new Projects(database), new AuditLog(database))
                .run(filter, "ann (command line)", "jsonl", sink, (done, total) -> assertTrue(done <= total));
    }

    private Path lines() throws IOException {
        Path file = folder.resolve("traces.jsonl");
        try (TraceSink sink = TraceSink.lines(file)) {
            export(TraceQuery.of(Project.DEFAULT), sink);
        }
        return file;
    }

    private static StoredTraceImport.Result restore(Path file, boolean skipBad) throws IOException {
        return new StoredTraceImport(new TraceRestore(empty)).run(file, skipBad, (stage, done, total, lines) -> {});
    }

    private static List<StoredTrace> read(Path file) throws IOException {
        List<StoredTrace> traces = new ArrayList<>();
        try (TraceFile lines = new TraceFile(file)) {
            for (TraceFile.Line line = lines.next(); line != null; line = lines.next()) {
                traces.add(((TraceFile.Row) line).trace());
            }
        }
        return traces;
    }

    @Test
    void whatGoesOutComesBackRowForRow() throws IOException {
        Path file = lines();
        String text = Files.readString(file);
        assertFalse(text.contains("elsewhere"), "another project's");
        assertTrue(text.contains("Grüße <EMAIL_1>") || text.contains("Gr\\u00fc\\u00dfe <EMAIL_1>"), "as it is stored");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        StoredTraceImport.Result first = restore(file, false);
        assertEquals(
                List.of(28, 28, 0, 0, 6),
                List.of(first.rows(), first.added(), first.known(), first.repeated(), first.feedback()));
        List<List<String>> before =
                TABLES.stream().map(sql -> StoreFixture.texts(database, sql)).toList();
        for (int i = 0; i < TABLES.size(); i++) {
            assertEquals(before.get(i), StoreFixture.texts(empty, TABLES.get(i)), TABLES.get(i));
            assertFalse(before.get(i).isEmpty(), TABLES.get(i));
        }
        Path twice = Files.write(folder.resolve("twice.jsonl"), List.of(text, text));
        StoredTraceImport.Result again = restore(twice, false);
        assertEquals(
                List.of(56, 0, 28, 28, 0),
                List.of(again.rows(), again.added(), again.known(), again.repeated(), again.feedback()));
        assertEquals(
                before,
                TABLES.stream().map(sql -> StoreFixture.texts(empty, sql)).toList());
        assertEquals(
                List.of(),
                StoreFixture.texts(empty, "SELECT name FROM project WHERE name <> 'default'"),
                "what is not exported is not there");
        assertWhatRetentionDroppedIsLeftOut(file);
    }

    private static void assertWhatRetentionDroppedIsLeftOut(Path file) throws IOException {
        List<String> sums = TABLES.subList(5, TABLES.size());
        List<List<String>> before =
                sums.stream().map(sql -> StoreFixture.texts(empty, sql)).toList();
        new TraceRetention(empty).carryOut(new Retention(null, 30), Instant.parse("2026-06-15T00:00:00Z"), false);
        StoredTraceImport.Result late = restore(file, false);
        assertEquals(
                List.of(28, 0, 2, 0, 26, 0),
                List.of(late.rows(), late.added(), late.known(), late.repeated(), late.over(), late.feedback()));
        assertEquals(List.of("2026-03", "2026-04"), late.overMonths());
        assertEquals(
                before, sums.stream().map(sql -> StoreFixture.texts(empty, sql)).toList());
    }

    @Test
    void aFilterMeansWhatAListMeansByIt() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TraceQuery filter = new TraceQuery(
                Project.DEFAULT,
                "support",
                "tuned",
                null,
                Set.of(),
                null,
                Instant.parse("2026-03-31T23:59:59.125Z"),
                Instant.parse("2026-04-01T00:00:00Z"),
                Map.of("release", "42"),
                null,
                null,
                null,
                true);
        try (TraceSink sink = TraceSink.lines(out)) {
            assertEquals(11, export(filter, sink).traces());
        }
        assertEquals(11, out.toString(StandardCharsets.UTF_8).lines().count());
        for (TraceQuery.Judged judged :
                List.of(new TraceQuery.Judged("stars", 4.0, 5.0), new TraceQuery.Judged(null, null, 4.5))) {
            try (TraceSink sink = TraceSink.lines(new ByteArrayOutputStream())) {
                TraceQuery query = new TraceQuery(
                        Project.DEFAULT,
                        null,
                        null,
                        null,
                        Set.of(),
                        null,
                        null,
                        null,
                        Map.of(),
                        null,
                        judged,
                        null,
                        true);
                assertEquals(new TraceExporting.Result(1, 1, 3), export(query, sink));
            }
        }
        assertTrue(StoreFixture.texts(
                        database,
                        "SELECT who || ' ' || subject || ' ' || (detail->>'traces') FROM audit WHERE action = 'trace.export'")
                .contains("ann (command line) default 11"));
        assertThrows(IllegalArgumentException.class, () -> export(TraceQuery.of("nobody"), TraceSink.lines(out)));
    }

    @Test
    void parquetSaysTheSameToAnotherReader() throws IOException {
        Path file = folder.resolve("traces.parquet");
        try (TraceSink sink = TraceSink.parquet(file)) {
            export(TraceQuery.of(Project.DEFAULT), sink);
        }
        List<StoredTrace> expected = read(lines());
        assertEquals(28, expected.size());
        try (ParquetFileReader reader = ParquetFileReader.open(InputFile.of(file));
                RowReader row = reader.rowReader()) {
            for (StoredTrace trace : expected) {
                assertTrue(row.hasNext());
                row.next();
                compare(trace, row);
            }
            assertFalse(row.hasNext());
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(
                    List.of("traces.jsonl", "traces.parquet"),
                    left.map(path -> path.getFileName().toString()).sorted().toList(),
                    "nothing beside them");
        }
    }

    private static void compare(StoredTrace trace, RowReader row) {
        assertEquals(trace.id().toString(), row.getString("id"));
        assertEquals(trace.useCase(), row.isNull("use_case") ? null : row.getString("use_case"));
        assertEquals(trace.occurred(), row.isNull("occurred") ? null : row.getTimestamp("occurred"));
        assertEquals(trace.recorded(), row.getTimestamp("recorded"));
        assertEquals(trace.request(), row.isNull("request") ? null : row.getString("request"));
        assertEquals(trace.response(), row.isNull("response") ? null : row.getString("response"));
        assertEquals(trace.row() == null, row.isNull("line"));
        StoredTrace.Call call = trace.call();
        assertEquals(call == null, row.isNull("status"));
        if (call != null) {
            assertEquals(call.status(), row.getLong("status"));
            assertEquals(call.stream(), row.getBoolean("stream"));
            assertEquals(call.route(), row.getString("route"));
            assertEquals(call.millis(), row.isNull("ms") ? null : row.getDouble("ms"));
            assertEquals(
                    call.usage().completion(),
                    row.isNull("completion_tokens") ? null : row.getLong("completion_tokens"));
            assertEquals(call.cost() == null, row.isNull("cost"));
            if (call.cost() != null) {
                assertEquals(0, call.cost().amount().compareTo(row.getDecimal("cost")));
                assertEquals(call.cost().currency(), row.getString("currency"));
            }
            assertTrue(row.getString("attempts").contains("\"cost\":\"0.000100\""));
        }
    }

    @Test
    void whatParquetCannotHoldIsSaidAndNothingIsLeft() throws IOException {
        Path file = folder.resolve("large.parquet");
        Files.writeString(file, "older");
        StoreFixture.change(
                database,
                "INSERT INTO trace (id, project, route, path, model, variant, stream, status, ended, cost, currency)"
                        + " SELECT ?, id, 'r', 'p', 'm', '', false, 200, 'answered', 1e-19, 'USD' FROM project WHERE name = 'shop'",
                Ids.of(Instant.parse("2026-03-02T00:00:00Z"), "small"));
        try (TraceSink sink = TraceSink.parquet(file)) {
            String message = assertThrows(IllegalArgumentException.class, () -> export(TraceQuery.of("shop"), sink))
                    .getMessage();
            assertTrue(message.contains("[cost]") && message.contains("jsonl"), message);
        }
        assertEquals("older", Files.readString(file));
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(1, left.count());
        }
    }

    @Test
    void aBadLineIsNamedAndNothingIsStored() throws IOException {
        String good = Files.readAllLines(lines()).getFirst();
        for (Map.Entry<String, String> bad : Map.of(
                        good.replaceFirst("\"format\":1", "\"format\":2"), "format",
                        good.replaceFirst("\"id\":\"[^\"]*\"", "\"id\":\"x\""), "[id]",
                        good.replaceFirst("\"ended\":\"[a-z]*\"", "\"ended\":\"well\""), "[call.ended]",
                        good.replaceFirst("\"cost\":\"[0-9.]*\"", "\"cost\":\"-1\""), "[call.cost]",
                        good.replaceFirst("\"number\":1", "\"number\":\"1\""), "[attempts[0].number]",
                        good.replaceFirst("\"project\":\"default\"", "\"project\":\"A b\""), "[project]",
                        good.substring(0, good.length() - 1), "JSON")
                .entrySet()) {
            Path file = Files.write(folder.resolve("bad.jsonl"), List.of(bad.getKey()));
            String message = assertThrows(IllegalArgumentException.class, () -> restore(file, false))
                    .getMessage();
            assertTrue(message.contains("line 1") && message.contains(bad.getValue()), message);
        }
    }
}
