package dev.hone.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hone.record.CapturedCall;
import dev.hone.record.CapturedCall.Attempt;
import dev.hone.store.WatchedCalls.Collected;
import dev.hone.store.WatchedCalls.Kept;
import dev.hone.store.WatchedCalls.Stored;
import dev.hone.store.WatchedCalls.Watched;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who answered a call that is watched, and what follows for what is counted and compared. */
final class WhoAnsweredTest {
    private static final Database DATABASE = TestDatabase.database();
    private static final Instant LONG_AGO = Instant.parse("2020-01-01T00:00:00Z");

    private final WatchedCalls watched = new WatchedCalls(DATABASE);
    private final WatchedGrades grades = new WatchedGrades(DATABASE);

    private static Attempt attempt(int number, String variant, String model, @Nullable String trouble) {
        return new Attempt(number, variant, "server", model, null, trouble, 1, null);
    }

    private static UUID add(String route, Attempt... attempts) {
        CapturedCall call = MadeCall.of(route).asked(attempts).call();
        new Calls(DATABASE).add(List.of(call));
        return call.facts().id();
    }

    /** Takes in what has come, with a grade each. */
    private void take(UUID useCase) {
        take(useCase, true);
    }

    /** @param sampled or for the queue alone */
    private void take(UUID useCase, boolean sampled) {
        List<Stored> batch = watched.next(useCase, LONG_AGO, Duration.ZERO, 100);
        watched.add(
                useCase,
                batch.stream()
                        .map(one -> new Watched(
                                one,
                                sampled,
                                false,
                                "e",
                                new byte[] {1, 2},
                                "name",
                                7,
                                List.of(),
                                null,
                                null,
                                Map.of("g", 0.5)))
                        .toList(),
                Instant.now(),
                batch.getLast());
    }

    private static void change(String sql, UUID trace) {
        DATABASE.inTransaction(connection -> Rows.change(connection, sql, trace));
    }

    private List<UUID> of(UUID useCase, @Nullable String answered) {
        return watched.kept(useCase, "e", 0, Long.MAX_VALUE, answered).stream()
                .map(Kept::trace)
                .toList();
    }

    private static List<Long> positions(List<WatchedGrades.Value> values) {
        return values.stream().map(WatchedGrades.Value::position).toList();
    }

    /**
     * Known by the attempt that did: a version by its number where one is asked, and else whether somebody was asked in place of another. What nobody knows it of
     * counts for everybody.
     */
    @Test
    void whoAnsweredIsKept() {
        String name = "who-answered";
        UUID live = add(name, attempt(1, "candidate", name + "/3", "timeout"), attempt(2, "live", name + "/2", null));
        UUID candidate = add(name, attempt(1, "candidate", name + "/3", null));
        UUID fallback = add(name, attempt(1, "live", name + "/2", "timeout"), attempt(2, "incumbent", "big", null));
        UUID again = add(name, attempt(1, "incumbent", "big", "timeout"), attempt(2, "incumbent", "big", null));
        UUID named = add(name, attempt(1, "live", name + "/large", null));
        UUID other = add(name, attempt(1, "live", "who-inquired/2", null));
        UUID declared = add(name, attempt(1, "own", name + "/2", null));
        UUID unknown = add(name);
        UUID useCase = new UseCases(DATABASE).require(name);
        take(useCase);
        assertEquals(List.of(live, unknown), of(useCase, WatchedCalls.live(name + "/2")), "the one that answered");
        assertEquals(List.of(candidate, unknown), of(useCase, "candidate " + name + "/3"));
        assertEquals(List.of(fallback, unknown), of(useCase, "fallback"));
        assertEquals(
                List.of(again, named, other, declared, unknown),
                of(useCase, WatchedCalls.DECLARED),
                "asked again is no fallback, and a server's model, another use case's version, and one that the charter names no live version");
        assertEquals(List.of(live, candidate, fallback, again, named, other, declared, unknown), of(useCase, null));
    }

    /** Of a reference those of whom it is, of what came after it those of who answers now. */
    @Test
    void whatIsComparedIsOfWhoAnswered() {
        String name = "who-compared";
        UUID live = add(name, attempt(1, "live", name + "/2", null));
        UUID candidate = add(name, attempt(1, "candidate", name + "/3", null));
        add(name, attempt(1, "live", name + "/2", null));
        add(name, attempt(1, "live", name + "/2", null));
        UUID now = add(name, attempt(1, "incumbent", "big", null));
        add(name);
        UUID useCase = new UseCases(DATABASE).require(name);
        take(useCase);
        List<Long> places = watched.kept(useCase, "e", 0, Long.MAX_VALUE, null).stream()
                .map(Kept::position)
                .toList();
        String second = WatchedCalls.live(name + "/2");
        assertEquals(4, watched.comparable(useCase, places.getFirst(), places.getLast(), second));
        assertEquals(6, watched.comparable(useCase, places.getFirst(), places.getLast(), null));
        Compared compared = new Compared(places.getFirst(), places.get(2), second, WatchedCalls.DECLARED);
        List<Long> expected = List.of(places.getFirst(), places.get(2), places.get(4), places.getLast());
        assertEquals(expected, positions(grades.scores(useCase, compared, "none")));
        Compared whoever = new Compared(places.getFirst(), places.get(2), null, null);
        assertEquals(places, positions(grades.scores(useCase, whoever, "none")));
        Duration day = Duration.ofDays(1);
        Instant later = Instant.now().plus(Duration.ofDays(2));
        assertEquals(expected, positions(grades.answered(useCase, compared, day, later)));
        for (UUID trace : List.of(live, candidate, now)) {
            change("""
                    INSERT INTO feedback (id, project, trace, use_case, kind, name, value, score, day, route, variant, created)
                    SELECT gen_random_uuid(), u.project, w.trace, w.use_case, 'boolean', 'rating', 'true', 1,
                           w.recorded::date, u.name, 'live', w.recorded
                      FROM watched_call w JOIN use_case u ON u.id = w.use_case
                     WHERE w.trace = ?
                    """, trace);
        }
        assertEquals(
                List.of(places.getFirst(), places.get(4)),
                positions(grades.feedback(useCase, compared, day, later)),
                "a candidate's is of neither side");
    }

    /** From a time and a position on, or the newest, and not what cannot be compared with the newest. */
    @Test
    void whatCouldBeAReferenceIsCounted() {
        String name = "who-counted";
        for (int version : new int[] {2, 1, 2, 2}) {
            add(name, attempt(1, "live", name + "/" + version, null));
        }
        UUID useCase = new UseCases(DATABASE).require(name);
        take(useCase);
        List<Kept> kept = watched.kept(useCase, "e", 0, Long.MAX_VALUE, null);
        String second = WatchedCalls.live(name + "/2");
        long last = kept.getLast().position();
        assertEquals(
                new Collected(3, kept.getFirst().recorded(), kept.getFirst().position(), last),
                watched.collected(useCase, second, 0, LONG_AGO, 9));
        Collected rest = new Collected(2, kept.get(2).recorded(), kept.get(2).position(), last);
        assertEquals(rest, watched.collected(useCase, second, 0, LONG_AGO, 2), "the newest");
        assertEquals(rest, watched.collected(useCase, second, kept.get(2).position(), LONG_AGO, 9));
        assertEquals(rest, watched.collected(useCase, second, 0, kept.get(2).recorded(), Long.MAX_VALUE));
        assertEquals(
                new Collected(0, null, 0, 0),
                watched.collected(useCase, second, 0, kept.getLast().recorded().plusSeconds(1), 9));
        change(
                "UPDATE watched_call SET embedder = 'old' WHERE trace = ?",
                kept.getFirst().trace());
        assertEquals(rest, watched.collected(useCase, second, 0, LONG_AGO, 9), "another model's vector");
        add(name, attempt(1, "live", name + "/2", null));
        take(useCase, false);
        assertEquals(rest, watched.collected(useCase, second, 0, LONG_AGO, 9), "for the queue alone");
        assertEquals(2, watched.comparable(useCase, 0, Long.MAX_VALUE, second));
        change(
                "UPDATE watched_call SET input = NULL WHERE trace = ?",
                kept.getLast().trace());
        long left = kept.get(2).position();
        assertEquals(
                new Collected(1, kept.get(2).recorded(), left, left),
                watched.collected(useCase, second, 0, LONG_AGO, 9),
                "a vector that went with its content");
        assertEquals(1, watched.comparable(useCase, 0, Long.MAX_VALUE, second));
    }
}
