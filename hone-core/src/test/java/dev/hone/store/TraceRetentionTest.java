package dev.hone.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.hone.record.CallUsage;
import dev.hone.record.CapturedCall;
import dev.hone.record.Project;
import dev.hone.record.Retention;
import dev.hone.record.StoredTrace;
import dev.hone.store.TraceRetention.Month;
import dev.hone.store.TraceRetention.Part;
import java.sql.Statement;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On months of a time in which nothing else happened. */
final class TraceRetentionTest {
    private static final YearMonth EMPTY_OF_IMPORTS = YearMonth.of(2001, 1);
    private static final YearMonth WITH_IMPORTS = YearMonth.of(2001, 2);
    private static final Instant NOW = Instant.parse("2001-05-01T00:00:00Z");

    private final Database database = TestDatabase.database();
    private final TraceRetention retention = new TraceRetention(database);

    private void execute(String sql) {
        database.inTransaction(connection -> {
            try (Statement statement = connection.createStatement()) {
                return statement.execute(sql);
            }
        });
    }

    private String query(String sql) {
        return database.inTransaction(connection -> CallsTest.query(connection, sql));
    }

    /** Three traces in January; in February one that was imported, one of which a task was made, and one more; one in April. */
    @BeforeEach
    void fill() {
        execute("""
                DELETE FROM task WHERE trace < least_id('2002-01-01Z');
                DELETE FROM trace WHERE id < least_id('2002-01-01Z');
                DELETE FROM trace_content WHERE id < least_id('2002-01-01Z');
                DELETE FROM attempt WHERE trace < least_id('2002-01-01Z');
                INSERT INTO use_case (id, name) VALUES (gen_random_uuid(), 'retained') ON CONFLICT DO NOTHING;
                SELECT make_room(at::timestamptz) FROM (VALUES ('2001-01-01Z'), ('2001-02-01Z'), ('2001-04-01Z')) AS months (at);
                CREATE TEMP TABLE made ON COMMIT DROP AS
                SELECT least_id(at::timestamptz) AS id
                  FROM (VALUES ('2001-01-01T00:00:00Z'), ('2001-01-15Z'), ('2001-01-31T23:59:59.999Z'), ('2001-02-01T00:00:00Z'), ('2001-02-02Z'),
                               ('2001-02-03Z'), ('2001-04-02Z')) AS times (at);
                INSERT INTO trace (id, use_case, route, variant) SELECT made.id, u.id, 'retained', 'v' FROM made, use_case u WHERE name = 'retained';
                INSERT INTO trace_content (id, request) SELECT id, 'says' FROM made;
                INSERT INTO attempt (trace, number, variant, upstream, model, ms) SELECT id, 1, 'v', 'u', 'm', 1 FROM made;
                INSERT INTO feedback (id, trace, use_case, kind, name, value, day, route, variant)
                SELECT gen_random_uuid(), t.id, t.use_case, 'comment', 'comment', '"x"', trace_day(t.id, NULL), 'retained', 'v'
                  FROM trace t JOIN made ON made.id = t.id;
                INSERT INTO imported (trace, use_case, content_hash, source, line)
                SELECT least_id('2001-02-01Z'), id, repeat('e', 64), 'f', 1 FROM use_case WHERE name = 'retained';
                INSERT INTO task (id, use_case, trace, content_hash, input, reference)
                SELECT gen_random_uuid(), id, least_id('2001-02-02Z'), repeat('e', 64), '1', '1' FROM use_case WHERE name = 'retained';
                """);
    }

    private String left(String table, String id) {
        return query("SELECT count(*) FROM %s WHERE %s < least_id('2002-01-01Z')".formatted(table, id));
    }

    @Test
    void whatTracesSayGoesFirst() {
        List<Month> over =
                List.of(new Month(Part.CONTENT, EMPTY_OF_IMPORTS, 3, 0), new Month(Part.CONTENT, WITH_IMPORTS, 1, 2));
        assertEquals(over, retention.carryOut(new Retention(60, 400), NOW, true));
        assertEquals("7", left("trace_content", "id"));
        assertEquals(over, retention.carryOut(new Retention(60, 400), NOW, false));
        assertEquals("3", left("trace_content", "id"));
        assertEquals("7", left("trace", "id"));
        assertEquals(
                "",
                query(
                        "SELECT to_regclass('trace_content_2001_01')::text WHERE to_regclass('trace_content_2001_01') IS NOT NULL"));
        assertEquals(List.of(), retention.carryOut(new Retention(60, 400), NOW, false));
    }

    @Test
    void whatIsKnownOfThemGoesWithWhatCameBack() {
        assertEquals(
                List.of(
                        new Month(Part.CONTENT, EMPTY_OF_IMPORTS, 3, 0),
                        new Month(Part.CONTENT, WITH_IMPORTS, 1, 2),
                        new Month(Part.FACTS, EMPTY_OF_IMPORTS, 3, 0),
                        new Month(Part.FACTS, WITH_IMPORTS, 1, 2)),
                retention.carryOut(new Retention(null, 60), NOW, false));
        assertEquals("3", left("trace", "id"));
        assertEquals("3", left("attempt", "trace"));
        assertEquals("3", left("feedback", "trace"));
        assertEquals("1", left("task", "trace"));
        assertEquals("", query("SELECT relname FROM pg_class WHERE relname IN ('trace_2001_01', 'attempt_2001_01')"));
        // Traces of that month may still come, from a journal.
        execute(
                "SELECT make_room('2001-01-01Z'); INSERT INTO trace (id, route) VALUES (least_id('2001-01-09Z'), 'late')");
    }

    private StoredTrace trace(String at, StoredTrace.@Nullable Row row) {
        StoredTrace.Call call = new StoredTrace.Call(
                "/v1/chat/completions",
                "m",
                "counted-once",
                "v",
                null,
                false,
                200,
                CapturedCall.End.ANSWERED,
                null,
                1.0,
                CallUsage.UNKNOWN,
                null,
                null,
                null,
                null,
                null);
        return new StoredTrace(
                UUID.fromString(query("SELECT least_id('%s')::text".formatted(at))),
                Project.DEFAULT,
                "counted-once",
                Map.of(),
                Instant.parse(at),
                Instant.parse(at),
                row == null ? call : null,
                row,
                "{}",
                "{}",
                List.of(),
                List.of());
    }

    private String counted() {
        return query("SELECT sum(calls)::text FROM usage_day WHERE route = 'counted-once'");
    }

    /** Of a month that went as a table, and of one from which rows were deleted; what was imported there was in no sum. */
    @Test
    void callsOfADroppedMonthAreNotCountedAgain() {
        execute("DELETE FROM usage_day WHERE route = 'counted-once'; DELETE FROM dropped_month");
        TraceRestore restore = new TraceRestore(database);
        StoredTrace january = trace("2001-01-09T00:00:00Z", null);
        StoredTrace february = trace("2001-02-28T23:59:59.999Z", null);
        StoredTrace april = trace("2001-04-03T00:00:00Z", null);
        List<StoredTrace> exported = List.of(january, february, april);
        assertEquals(new TraceRestore.Added(3, 0, Map.of()), restore.add(exported));
        assertEquals("3", counted());
        retention.carryOut(new Retention(null, 60), NOW, true);
        assertEquals(new TraceRestore.Added(0, 0, Map.of()), restore.add(exported));
        retention.carryOut(new Retention(null, 60), NOW, false);
        StoredTrace row = trace("2001-01-10T00:00:00Z", new StoredTrace.Row("f".repeat(64), null, "f", 2));
        assertEquals(
                new TraceRestore.Added(1, 0, Map.of(january.id(), EMPTY_OF_IMPORTS, february.id(), WITH_IMPORTS)),
                restore.add(List.of(january, february, april, row)));
        assertEquals("3", counted());
        execute("INSERT INTO trace (id, route) VALUES ('%s', 'late')".formatted(january.id()));
        assertEquals(new TraceRestore.Added(0, 0, Map.of()), restore.add(List.of(january)), "it is there");
    }

    private static CapturedCall call(String at, String path) {
        return MonthCalls.call(at, path, "counted-once");
    }

    /** What may have come before, told of once more or read from a file, is left out; what passed has never been there. */
    @Test
    void completionsAndToldCallsOfADroppedMonthAreNotCountedAgain() {
        execute("DELETE FROM usage_day WHERE route = 'counted-once'; DELETE FROM dropped_month");
        Calls calls = new Calls(database);
        CapturedCall completion = call("2001-01-09T00:00:00Z", "/v1/chat/completions");
        CapturedCall told = call("2001-01-10T00:00:00Z", CapturedCall.TOLD);
        CapturedCall later = call("2001-04-09T00:00:00Z", "/v1/chat/completions");
        UUID journal = UUID.randomUUID();
        Calls.Checkpoint there = new Calls.Checkpoint(1, 1);
        assertEquals(new Calls.Added(2, Map.of()), calls.add(List.of(completion, later)));
        assertEquals(1, calls.add(journal, there, List.of(told)));
        assertEquals("3", counted());
        retention.carryOut(new Retention(null, 60), NOW, false);
        Calls.Added again = calls.add(List.of(completion, later));
        assertEquals(new Calls.Added(0, Map.of(completion.facts().id(), EMPTY_OF_IMPORTS)), again);
        assertEquals(List.of(EMPTY_OF_IMPORTS), again.overMonths());
        CapturedCall passed = call("2001-01-11T00:00:00Z", "/v1/chat/completions");
        assertEquals(1, calls.add(journal, there, List.of(told, passed)), "an acknowledged call is kept");
        assertEquals("4", counted());
        assertEquals(
                "0",
                query("SELECT count(*) FROM trace WHERE id = '%s'"
                        .formatted(told.facts().id())));
        execute("INSERT INTO trace (id, route) VALUES ('%s', 'late')"
                .formatted(completion.facts().id()));
        assertEquals(new Calls.Added(0, Map.of()), calls.add(List.of(completion)), "it is there");
    }

    /** Months that went before that was written down have sums, and no table. */
    @Test
    void whatWasDroppedBeforeIsKnown() throws Exception {
        try (OldDatabase old = OldDatabase.of("11")) {
            old.execute("""
                    SELECT make_room('2001-02-01Z');
                    INSERT INTO usage_day
                    SELECT id, day::date, 'r', 'v', false, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0 FROM project, (VALUES ('2001-01-31'), ('2001-02-01')) AS days (day);
                    """);
            old.migrate();
            assertEquals("2001-01-01", old.query("SELECT month::text FROM dropped_month"));
        }
    }

    /** A month goes when its last moment is old enough, and not before. */
    @Test
    void aMonthThatIsNotOverStays() {
        assertEquals(
                List.of(new Month(Part.CONTENT, EMPTY_OF_IMPORTS, 3, 0)),
                retention.carryOut(new Retention(60, null), Instant.parse("2001-04-29T23:59:59Z"), true));
        assertEquals(List.of(), retention.carryOut(Retention.FOR_EVER, NOW, true));
        assertThrows(IllegalArgumentException.class, () -> new Retention(61, 60));
    }
}
