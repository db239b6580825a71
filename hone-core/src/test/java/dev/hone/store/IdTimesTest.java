package dev.hone.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hone.record.CallUsage;
import dev.hone.record.CapturedCall;
import dev.hone.record.StoredTrace;
import dev.hone.store.Calls.Checkpoint;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Calls are found by the time at which they began, whatever their identifiers say of it. */
final class IdTimesTest {
    private static final Database DATABASE = TestDatabase.database();

    private static CapturedCall call(String project, Instant id, Instant at, int number) {
        return new CapturedCall(
                new CapturedCall.Facts(
                        new UUID(id.toEpochMilli() << 16 | 0x7000 | number, 1L << 63 | project.hashCode() & 0xffff),
                        at,
                        "/v1/chat/completions",
                        "m",
                        "openai/gpt",
                        false,
                        "openai/gpt",
                        new CapturedCall.Origin(project, null, null, null, Map.of(), null, null),
                        false,
                        200,
                        CapturedCall.End.ANSWERED,
                        1.0,
                        2.0,
                        CallUsage.UNKNOWN,
                        null,
                        List.of()),
                new byte[] {'{', '}'},
                new byte[] {'{', '}'});
    }

    /** Ten calls, a minute apart, of a process whose clock was set back by so much before. */
    private static void make(String project, Instant at, Duration back) {
        List<CapturedCall> calls = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Instant began = at.plus(Duration.ofMinutes(i));
            calls.add(call(project, began.plus(back), began, i));
        }
        new Calls(DATABASE).add(UUID.randomUUID(), new Checkpoint(1, 1), calls);
    }

    private static TraceQuery between(String project, Instant from, Instant to) {
        return new TraceQuery(project, null, null, null, Set.of(), null, from, to, Map.of(), null, null, null, true);
    }

    private static int found(TraceQuery filter) throws IOException {
        List<StoredTrace> read = read(filter);
        int searched =
                new TraceSearch(DATABASE).find(filter, null, 100).traces().size();
        assertEquals(searched, read.size(), "by a search, and by an export");
        return searched;
    }

    private static List<StoredTrace> read(TraceQuery filter) throws IOException {
        List<StoredTrace> read = new ArrayList<>();
        new StoredTraces(DATABASE).read(filter, new StoredTraces.Sink() {
            @Override
            public void begin(long traces) {}

            @Override
            public void take(StoredTrace trace) {
                read.add(trace);
            }
        });
        return read;
    }

    @Test
    void callsAfterAClockWasSetBackAreFoundByTheirTime() throws IOException {
        Instant at = Instant.parse("2025-03-10T23:55:00Z");
        make("set-back", at, Duration.ofHours(50));
        assertEquals(10, found(between("set-back", at, at.plus(Duration.ofMinutes(10)))));
        assertEquals(
                3,
                found(between("set-back", at.plus(Duration.ofMinutes(4)), at.plus(Duration.ofMinutes(7)))),
                "over midnight");
        assertEquals(0, found(between("set-back", at.plus(Duration.ofHours(49)), at.plus(Duration.ofHours(51)))));
    }

    @Test
    void soAreThoseBeforeOneWasSetForward() throws IOException {
        Instant at = Instant.parse("2025-04-10T12:00:00Z");
        make("set-forward", at, Duration.ofHours(-3));
        assertEquals(10, found(between("set-forward", at, at.plus(Duration.ofMinutes(10)))));
    }

    /** Within the minute that every search looks further, nothing is written down. */
    @Test
    void clocksThatDoRightCostNothing() throws Exception {
        Instant at = Instant.parse("2025-05-10T12:00:00Z");
        make("right", at, Duration.ofSeconds(59));
        assertEquals(10, found(between("right", at, at.plus(Duration.ofMinutes(10)))));
        assertEquals(
                "",
                DATABASE.inTransaction(connection ->
                        CallsTest.query(connection, "SELECT day FROM id_time_apart WHERE day = '2025-05-10'")));
    }

    /** What another store had comes with identifiers of its clock. */
    @Test
    void whatIsPutBackIsFoundToo() throws IOException {
        Instant at = Instant.parse("2025-06-10T12:00:00Z");
        make("put-back", at, Duration.ofHours(5));
        Duration later = Duration.ofDays(20);
        List<StoredTrace> moved = new ArrayList<>();
        for (StoredTrace one : read(TraceQuery.of("put-back"))) {
            UUID id = new UUID(
                    one.id().getMostSignificantBits() + (later.toMillis() << 16),
                    one.id().getLeastSignificantBits());
            moved.add(new StoredTrace(
                    id,
                    "put-back",
                    null,
                    Map.of(),
                    at.plus(later),
                    at,
                    one.call(),
                    null,
                    "{}",
                    "{}",
                    List.of(),
                    List.of()));
        }
        new TraceRestore(DATABASE).add(moved);
        assertEquals(
                10, found(between("put-back", at.plus(later), at.plus(later).plusSeconds(1))));
    }

    /** The tables of an older Hone learn it of what they have. */
    @Test
    void whatWasThereBeforeIsFoundToo() throws IOException, SQLException {
        try (OldDatabase old = OldDatabase.of("20")) {
            old.execute("""
                    SELECT make_room('2026-03-01Z');
                    INSERT INTO trace (id, project, route, variant, occurred)
                    SELECT least_id(at::timestamptz), p.id, 'openai/gpt', 'v', occurred::timestamptz FROM project p,
                           (VALUES ('2026-03-03T12:00:00Z', '2026-03-03T11:00:00Z'), ('2026-03-03T12:00:01Z', '2026-03-03T10:00:00.5Z'),
                                   ('2026-03-04T12:00:00Z', '2026-03-04T11:59:59Z')) AS row (at, occurred)
                     WHERE p.name = 'default';
                    """);
            old.migrate();
            assertEquals("2026-03-03:7200500", old.query("SELECT day || ':' || most_ms FROM id_time_apart"));
        }
    }
}
