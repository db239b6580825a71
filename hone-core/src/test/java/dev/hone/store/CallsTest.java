package dev.hone.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.AnswerLogprob;
import dev.hone.record.CallUsage;
import dev.hone.record.CapturedCall;
import dev.hone.record.CapturedCall.Facts;
import dev.hone.record.Ids;
import dev.hone.record.Money;
import dev.hone.store.Calls.Checkpoint;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class CallsTest {
    private static final Database DATABASE = TestDatabase.database();

    private final Calls calls = new Calls(DATABASE);
    private final UUID journal = UUID.randomUUID();

    private static String query(String sql) {
        return DATABASE.inTransaction(connection -> query(connection, sql));
    }

    static String query(Connection connection, String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                values.add(row.getString(1));
            }
        }
        return String.join(" ", values);
    }

    private static CapturedCall call(UUID id, String route, boolean useCase, @Nullable String trouble) {
        return call(
                id,
                route,
                useCase,
                trouble,
                new CapturedCall.Origin("default", null, "e\0p", null, Map.of(), null, null));
    }

    private static CapturedCall call(
            UUID id, String route, boolean useCase, @Nullable String trouble, CapturedCall.Origin origin) {
        return new CapturedCall(
                new CapturedCall.Facts(
                        id,
                        Instant.parse("2026-03-01T10:00:00.123Z"),
                        "/v1/chat/completions",
                        "use-case/" + route,
                        route,
                        useCase,
                        "v",
                        origin,
                        false,
                        200,
                        CapturedCall.End.ANSWERED,
                        null,
                        12.5,
                        new CallUsage(7L, null, 3L),
                        new Money(new BigDecimal("0.0000012300"), "USD"),
                        List.of(
                                new CapturedCall.Attempt(1, "v", "up", "m", null, trouble, 2, null),
                                new CapturedCall.Attempt(
                                        2,
                                        "v",
                                        "up",
                                        "m",
                                        200,
                                        null,
                                        10,
                                        new BigDecimal("0.0000012300"),
                                        new AnswerLogprob(-0.1234567890123456, 17)))),
                "{\"model\":\"x\"}".getBytes(StandardCharsets.UTF_8),
                new byte[] {'a', 0, (byte) 0xff, 'b'});
    }

    @Test
    void aCallIsStoredOnceHoweverOftenItIsRead() {
        UUID id = Ids.next();
        assertEquals(Optional.empty(), calls.checkpoint(journal));
        assertEquals(
                1, calls.add(journal, new Checkpoint(5, 100), List.of(call(id, "calls-once", true, "no connection"))));
        assertEquals(Optional.of(new Checkpoint(5, 100)), calls.checkpoint(journal));
        assertEquals(
                0, calls.add(journal, new Checkpoint(5, 200), List.of(call(id, "calls-once", true, "no connection"))));
        assertEquals(Optional.of(new Checkpoint(5, 200)), calls.checkpoint(journal));
        String of = " WHERE id = '" + id + "'";
        assertEquals(
                "calls-once",
                query("SELECT u.name FROM trace t JOIN use_case u ON u.id = t.use_case WHERE t.id = '" + id + "'"));
        assertEquals(
                "2026-03-01 10:00:00.123+00", query("SELECT occurred AT TIME ZONE 'UTC' || '+00' FROM trace" + of));
        assertEquals("answered", query("SELECT ended FROM trace" + of));
        assertEquals(
                "7//3",
                query("SELECT concat(prompt_tokens, '/', cached_tokens, '/', completion_tokens) FROM trace" + of));
        assertEquals("e\u2400p", query("SELECT episode FROM trace" + of));
        assertEquals("a\u2400\ufffdb", query("SELECT response FROM trace_content" + of));
        assertEquals(
                "no connection",
                query("SELECT coalesce(trouble, '') FROM attempt WHERE trace = '" + id + "' ORDER BY number")
                        .strip());
        assertEquals("2", query("SELECT count(*) FROM attempt WHERE trace = '" + id + "'"));
        assertEquals(
                "1: -, 2: -0.1234567890123456/17",
                query(
                        "SELECT string_agg(number || ': ' || coalesce(logprob || '/' || answer_tokens, '-'), ', ' ORDER BY number) FROM attempt WHERE trace = '"
                                + id + "'"));
    }

    @Test
    void aCallBelongsToItsProjectAndItsKeyPaysOnce() {
        UUID id = Ids.next();
        UUID key = Ids.next();
        UUID live = Ids.next();
        CapturedCall call = call(
                id,
                "calls-origin",
                true,
                null,
                new CapturedCall.Origin(
                        "calls-project", key, null, "ab", Map.of("release", "4\0\"2"), "c".repeat(64), live));
        calls.add(journal, new Checkpoint(1, 1), List.of(call));
        calls.add(journal, new Checkpoint(1, 2), List.of(call));
        calls.add(
                journal,
                new Checkpoint(1, 3),
                List.of(call(
                        Ids.next(), "calls-origin", true, null, call.facts().origin())));
        String of = " WHERE t.id = '" + id + "'";
        assertEquals("calls-project", query("SELECT p.name FROM trace t JOIN project p ON p.id = t.project" + of));
        assertEquals(
                "calls-project",
                query(
                        "SELECT p.name FROM use_case u JOIN project p ON p.id = u.project WHERE u.name = 'calls-origin'"));
        CapturedCall other = call(Ids.next(), "calls-origin", true, null);
        calls.add(journal, new Checkpoint(1, 4), List.of(other));
        assertEquals(
                "default",
                query(
                        "SELECT p.name FROM trace t JOIN use_case u ON u.id = t.use_case JOIN project p ON p.id = u.project WHERE t.id = '%s'"
                                .formatted(other.facts().id())),
                "a use case of another project is not this one's");
        assertEquals("0.0000012300 USD", query("SELECT cost || ' ' || currency FROM trace t" + of));
        assertEquals("0.0000012300", query("SELECT cost FROM attempt WHERE number = 2 AND trace = '" + id + "'"));
        assertEquals(
                "ab 4\u2400\"2 " + live,
                query("SELECT end_user || ' ' || (metadata ->> 'release') || ' ' || shadow_of FROM trace t" + of));
        assertEquals("c".repeat(64), query("SELECT configuration FROM trace t" + of));
        assertEquals(
                Map.of(new KeySpend.Spent(key, "USD"), new BigDecimal("0.0000024600")),
                new KeySpend(DATABASE)
                        .of(YearMonth.of(2026, 3)).entrySet().stream()
                                .filter(entry -> entry.getKey().key().equals(key))
                                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    /** Budgets count what nobody counted, and what people see of costs does not. */
    @Test
    void anEstimateIsBookedForTheKeyAndIsNoCost() {
        UUID key = Ids.next();
        Facts known = call(
                        Ids.next(),
                        "calls-estimate",
                        true,
                        null,
                        new CapturedCall.Origin("default", key, null, null, Map.of(), null, null))
                .facts();
        Facts guessed = new Facts(
                Ids.next(),
                known.started(),
                known.path(),
                known.model(),
                known.route(),
                true,
                "v",
                known.origin(),
                true,
                200,
                CapturedCall.End.ABANDONED,
                null,
                1,
                CallUsage.UNKNOWN,
                null,
                List.of(),
                new Money(new BigDecimal("0.5"), "USD"));
        calls.add(
                journal,
                new Checkpoint(1, 1),
                List.of(
                        new CapturedCall(known, new byte[0], new byte[0]),
                        new CapturedCall(guessed, new byte[0], new byte[0])));
        assertEquals(
                "0.5000012300 0.5",
                query("SELECT amount || ' ' || estimated FROM key_spend WHERE api_key = '" + key + "'"));
        assertEquals("1", query("SELECT count(*) FROM trace WHERE cost IS NULL AND id = '" + guessed.id() + "'"));
        assertEquals("1 0.0000012300", query("""
                        SELECT sum(priced) || ' ' || (SELECT sum(amount) FROM spend_day WHERE route = 'calls-estimate')
                          FROM usage_day WHERE route = 'calls-estimate'"""));
    }

    @Test
    void whatIsNoUseCaseIsStoredAsWell() {
        UUID id = Ids.next();
        calls.add(journal, new Checkpoint(1, 1), List.of(call(id, "openai/gpt", false, null)));
        assertEquals("openai/gpt", query("SELECT route FROM trace WHERE use_case IS NULL AND id = '" + id + "'"));
    }

    @Test
    void aBatchOverMonthsGoesIntoTheirPartitions() {
        UUID old = new UUID((Instant.parse("2025-12-31T23:59:59.999Z").toEpochMilli() << 16) | 0x7000, 1L << 63);
        UUID next = new UUID((Instant.parse("2026-01-01T00:00:00Z").toEpochMilli() << 16) | 0x7000, 1L << 63);
        calls.add(
                journal,
                new Checkpoint(1, 1),
                List.of(call(old, "months", true, null), call(next, "months", true, null)));
        assertEquals(
                "trace_2025_12 trace_2026_01",
                query("SELECT tableoid::regclass FROM trace WHERE id IN ('%s', '%s') ORDER BY id"
                        .formatted(old, next)));
    }

    /** A batch that fails moves nothing. */
    @Test
    void aBatchIsStoredWhollyOrNotAtAll() {
        UUID good = Ids.next();
        CapturedCall bad = call(Ids.next(), "Not A Name", true, null);
        assertThrows(
                StoreException.class,
                () -> calls.add(journal, new Checkpoint(9, 9), List.of(call(good, "whole", true, null), bad)));
        assertEquals("", query("SELECT id FROM trace WHERE id = '" + good + "'"));
        assertEquals(Optional.empty(), calls.checkpoint(journal));
    }

    /** Rows of the second version's tables, with what refers to them, are the third's. */
    @Test
    void importedRowsAreTakenOver() {
        UUID trace = Ids.next();
        DATABASE.inTransaction(connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute("CREATE SCHEMA before");
                statement.execute("SET LOCAL search_path TO before");
                statement.execute(script("V1__traces_and_datasets.sql"));
                statement.execute(script("V2__runs_and_versions.sql"));
                UUID use = Ids.next();
                statement.execute("INSERT INTO use_case (id, name) VALUES ('%s', 'old')".formatted(use));
                statement.execute("""
                        INSERT INTO trace (id, use_case, content_hash, external_id, request, response, metadata, occurred, source, line)
                        VALUES ('%s', '%s', '%s', 'x1', '{"b":1,  "a":2}', '"r"', '{"k":"v"}', '2026-01-02T00:00:00Z', 'f', 3)
                        """.formatted(trace, use, "0".repeat(64)));
                statement.execute("INSERT INTO feedback (id, trace, kind, value) VALUES ('%s', '%s', 'comment', '1')"
                        .formatted(Ids.next(), trace));
                statement.execute(script("V3__calls.sql"));
                assertEquals("{\"b\":1,  \"a\":2}", query(connection, "SELECT request FROM trace_content"));
                assertEquals("\"r\"", query(connection, "SELECT response FROM trace_content"));
                assertEquals("x1", query(connection, "SELECT external_id FROM imported WHERE line = 3"));
                assertEquals("v", query(connection, "SELECT metadata ->> 'k' FROM trace"));
                statement.execute("DELETE FROM trace");
                assertEquals(
                        "00",
                        query(
                                connection,
                                "SELECT (SELECT count(*) FROM feedback) || '' || (SELECT count(*) FROM imported)"));
                statement.execute("DROP SCHEMA before CASCADE");
            }
            return trace;
        });
    }

    static String script(String name) {
        try (InputStream in = Calls.class.getResourceAsStream("/db/migration/" + name)) {
            assertTrue(in != null, name);
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
