package dev.hone.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.CallUsage;
import dev.hone.record.CapturedCall;
import dev.hone.record.Feedback;
import dev.hone.record.Ids;
import dev.hone.record.LabelledTrace;
import dev.hone.record.Retention;
import dev.hone.store.Labels.Kind;
import dev.hone.store.Labels.Label;
import dev.hone.store.WaitingCalls.Candidate;
import dev.hone.store.WaitingCalls.Complaint;
import dev.hone.store.WatchedCalls.Kept;
import dev.hone.store.WatchedCalls.Said;
import dev.hone.store.WatchedCalls.Stored;
import dev.hone.store.WatchedCalls.Watched;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class WatchedCallsTest {
    private static final Database DATABASE = TestDatabase.database();
    private static final Compared ALL = new Compared(0, Long.MAX_VALUE, null, null);
    private static final Instant LONG_AGO = Instant.parse("2020-01-01T00:00:00Z");

    private final WatchedCalls watched = new WatchedCalls(DATABASE);
    private final WaitingCalls waiting = new WaitingCalls(DATABASE);
    private final WatchedGrades grades = new WatchedGrades(DATABASE);
    private final Labels labels = new Labels(DATABASE);
    private final Calls calls = new Calls(DATABASE);

    private static CapturedCall call(UUID id, String route, CapturedCall.End end, @Nullable UUID shadowOf) {
        return new CapturedCall(
                new CapturedCall.Facts(
                        id,
                        Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16),
                        "/v1/chat/completions",
                        "use-case/" + route,
                        route,
                        true,
                        "v",
                        new CapturedCall.Origin("default", null, null, null, Map.of(), null, shadowOf),
                        false,
                        200,
                        end,
                        null,
                        12.5,
                        CallUsage.UNKNOWN,
                        null,
                        List.of()),
                "{\"messages\":[]}".getBytes(StandardCharsets.UTF_8),
                "{\"id\":\"%s\"}".formatted(id).getBytes(StandardCharsets.UTF_8));
    }

    private UUID add(String route) {
        UUID id = Ids.next();
        calls.add(List.of(call(id, route, CapturedCall.End.ANSWERED, null)));
        return id;
    }

    private static UUID at(Instant time) {
        UUID any = Ids.next();
        return new UUID(
                time.toEpochMilli() << 16 | any.getMostSignificantBits() & 0xFFFF, any.getLeastSignificantBits());
    }

    private List<UUID> next(UUID useCase) {
        return watched.next(useCase, LONG_AGO, Duration.ZERO, 100).stream()
                .map(Stored::trace)
                .toList();
    }

    private static Watched watch(Stored stored, Map<String, Double> scores) {
        return new Watched(
                stored, true, false, "e", new byte[] {1, 2}, "name", 7, List.of("a", "b"), 0.25, null, scores);
    }

    private void take(UUID useCase) {
        List<Stored> batch = watched.next(useCase, LONG_AGO, Duration.ZERO, 100);
        watched.add(
                useCase,
                batch.stream().map(one -> watch(one, Map.of("g", 0.5))).toList(),
                Instant.now(),
                batch.getLast());
    }

    /** Answered calls alone, in the order in which the store had them, whatever time stands in their identifiers. */
    @Test
    void callsComeInTheOrderOfTheStore() {
        UUID first = at(Instant.now().plus(Duration.ofDays(40)));
        calls.add(List.of(call(first, "watch-order", CapturedCall.End.ANSWERED, null)));
        UUID second = add("watch-order");
        calls.add(List.of(
                call(Ids.next(), "watch-order", CapturedCall.End.BROKEN, null),
                call(Ids.next(), "watch-order", CapturedCall.End.ANSWERED, second)));
        UUID useCase = new UseCases(DATABASE).require("watch-order");
        assertEquals(List.of(first, second), next(useCase));
        assertEquals(List.of(), watched.next(useCase, LONG_AGO, Duration.ofHours(1), 9), "what has just come");
        assertEquals(List.of(), watched.next(useCase, Instant.now().plusSeconds(9), Duration.ZERO, 9));
        Stored one = watched.next(useCase, LONG_AGO, Duration.ZERO, 1).getFirst();
        assertEquals(1, watched.add(useCase, List.of(watch(one, Map.of("g", 1.0))), Instant.now(), one));
        assertEquals(List.of(second), next(useCase), "from there on");
        assertEquals(0, watched.add(useCase, List.of(watch(one, Map.of("g", 0.0))), Instant.now(), one));
        assertEquals(
                List.of(1.0),
                grades.scores(useCase, ALL, "none").stream()
                        .map(WatchedGrades.Value::score)
                        .toList(),
                "graded once");
        assertEquals(1, watched.count(useCase));
        assertEquals(3, watched.recordedSince(useCase, LONG_AGO));
        // Who died before this was written begins there again; who is late does not go back.
        Stored last = watched.next(useCase, LONG_AGO, Duration.ZERO, 9).getLast();
        watched.add(useCase, List.of(), Instant.now(), last);
        watched.add(useCase, List.of(), Instant.now(), one);
        assertEquals(List.of(), next(useCase));
    }

    @Test
    void whatIsKeptComesBack() {
        UUID trace = add("watch-kept");
        UUID copy = Ids.next();
        calls.add(List.of(call(copy, "watch-kept", CapturedCall.End.ANSWERED, trace)));
        UUID useCase = new UseCases(DATABASE).require("watch-kept");
        Said said = watched.said(watched.next(useCase, LONG_AGO, Duration.ZERO, 9), 1_000)
                .getFirst();
        assertEquals("{\"messages\":[]}", said.request());
        assertEquals(copy, said.other());
        assertEquals("{\"id\":\"%s\"}".formatted(copy), said.otherResponse());
        assertNull(watched.said(List.of(said.stored()), 5).getFirst().request(), "too long");
        take(useCase);
        Kept kept = watched.kept(useCase, "e", 0, Long.MAX_VALUE, null).getFirst();
        assertEquals(trace, kept.trace());
        assertEquals(2, kept.input()[1]);
        assertEquals(java.util.Set.of("a", "b"), kept.offered());
        assertEquals(List.of(), watched.kept(useCase, "other", 0, Long.MAX_VALUE, null));
        assertEquals(List.of(), watched.kept(useCase, "e", kept.position() + 1, Long.MAX_VALUE, null));
        WatchedGrades.Day day = grades.days(useCase, LONG_AGO).getFirst();
        assertEquals(new WatchedGrades.Day("g", day.day(), 1, 0.5, 0.25), day);
    }

    private void say(
            Feedback.Kind kind,
            UUID trace,
            String name,
            String value,
            @Nullable Double score,
            String author,
            String id) {
        say(kind, trace, name, value, score, author, id, null);
    }

    private void say(
            Feedback.Kind kind,
            UUID trace,
            String name,
            String value,
            @Nullable Double score,
            String author,
            String id,
            @Nullable UUID key) {
        Feedback feedback = new Feedback(
                Ids.next(),
                "default",
                trace,
                null,
                null,
                kind,
                name,
                value,
                score,
                author,
                Instant.now(),
                Instant.now(),
                id,
                "a".repeat(64),
                key,
                true,
                null);
        calls.add(UUID.randomUUID(), new Calls.Checkpoint(1, 1), List.of(), List.of(feedback), new Feedbacks.Ruling() {
            @Override
            public Optional<String> objection(Feedback given, @Nullable String useCase) {
                return Optional.empty();
            }

            @Override
            public void aside(Feedback given, String why) {
                throw new AssertionError(why);
            }
        });
    }

    private static final String MESSAGE = "{\"role\":\"assistant\",\"content\":\"%s\"}";

    /** What somebody says counts until it is taken back with their key. */
    @Test
    void whatIsTakenBackDoesNotCount() {
        UUID trace = add("watch-back");
        UUID useCase = new UseCases(DATABASE).require("watch-back");
        say(Feedback.Kind.DEMONSTRATION, trace, "demonstration", MESSAGE.formatted("one"), null, "ada", "back-1");
        say(Feedback.Kind.DEMONSTRATION, trace, "demonstration", MESSAGE.formatted("two"), null, "bob", "back-2");
        assertEquals(1, labels.labelledSince(useCase, null), "a trace counts once");
        assertEquals(0, labels.labelledSince(useCase, Instant.now().plusSeconds(5)));
        say(Feedback.Kind.COMMENT, trace, "withdrawal", "\"back-1\"", null, "ada", "back-3", UUID.randomUUID());
        Traces traces = new Traces(DATABASE);
        assertEquals(2, traces.labelled(useCase).size(), "not theirs to take back");
        say(Feedback.Kind.COMMENT, trace, "withdrawal", "\"back-1\"", null, "ada", "back-4");
        assertEquals(
                List.of(MESSAGE.formatted("two")),
                traces.labelled(useCase).stream()
                        .map(LabelledTrace::demonstration)
                        .toList());
        say(Feedback.Kind.DEMONSTRATION, trace, "demonstration", MESSAGE.formatted("three"), null, "bob", "back-5");
        assertEquals(
                List.of(MESSAGE.formatted("three")),
                traces.labelled(useCase).stream()
                        .map(LabelledTrace::demonstration)
                        .toList(),
                "the last of a person");
        assertEquals(
                "4",
                DATABASE.inTransaction(connection -> CallsTest.query(
                        connection,
                        "SELECT count(*) + 0 FROM feedback WHERE trace = '%s' AND kind IN ('demonstration', 'comment') AND caller_id <> 'back-5'"
                                .formatted(trace))),
                "nothing is removed");
    }

    @Test
    void demonstrationsAreGradedOnce() {
        UUID trace = add("watch-shown");
        UUID useCase = new UseCases(DATABASE).require("watch-shown");
        take(useCase);
        assertEquals(List.of(), grades.demonstrated(useCase, "d", 9));
        say(Feedback.Kind.DEMONSTRATION, trace, "demonstration", MESSAGE.formatted("one"), null, "ada", "shown-1");
        say(Feedback.Kind.DEMONSTRATION, trace, "demonstration", MESSAGE.formatted("two"), null, "ada", "shown-2");
        assertEquals(
                MESSAGE.formatted("two"),
                grades.demonstrated(useCase, "d", 9).getFirst().demonstration());
        grades.add(trace, "d", null);
        grades.add(trace, "d", 1.0);
        assertEquals(List.of(), grades.demonstrated(useCase, "d", 9));
        assertEquals(1, grades.scores(useCase, ALL, "none").size(), "what cannot be graded has no score");
    }

    /** Complaints, and copies that were answered otherwise, wait as well as the sample. */
    @Test
    void complaintsAreWanted() {
        UUID fine = add("watch-wanted");
        UUID bad = add("watch-wanted");
        UUID copied = add("watch-wanted");
        calls.add(List.of(call(Ids.next(), "watch-wanted", CapturedCall.End.ANSWERED, copied)));
        UUID useCase = new UseCases(DATABASE).require("watch-wanted");
        say(Feedback.Kind.BOOLEAN, fine, "rating", "true", 1.0, "u", "wanted-1");
        say(Feedback.Kind.BOOLEAN, bad, "rating", "false", 0.0, "u", "wanted-2");
        List<Complaint> complaints = List.of(new Complaint("rating", 0, 0.4));
        assertEquals(List.of(bad), traces(waiting.complained(useCase, LONG_AGO, complaints, 9)));
        assertEquals(List.of(), waiting.complained(useCase, LONG_AGO, List.of(), 9));
        assertEquals(List.of(copied), traces(waiting.copied(useCase, LONG_AGO, 9)));
        List<Watched> extra = new ArrayList<>();
        List.of(bad, copied)
                .forEach(one -> extra.add(new Watched(
                        new Stored(one, Instant.now()),
                        false,
                        false,
                        "e",
                        new byte[] {1},
                        "n",
                        1,
                        List.of(),
                        null,
                        null,
                        Map.of("g", 0.1))));
        watched.add(useCase, extra, Instant.now(), null);
        assertEquals(List.of(), waiting.complained(useCase, LONG_AGO, complaints, 9));
        assertEquals(List.of(), waiting.copied(useCase, LONG_AGO, 9));
        assertEquals(0, watched.count(useCase), "they are none of the sample");
        assertEquals(List.of(), watched.kept(useCase, "e", 0, Long.MAX_VALUE, null));
        assertEquals(
                List.of(bad),
                waiting.unlabelled(useCase, LONG_AGO, complaints, 0, 9).stream()
                        .map(Candidate::trace)
                        .toList(),
                "nobody complained of the other, and its copy said the same");
        UUID late = Ids.next();
        calls.add(List.of(call(late, "watch-wanted", CapturedCall.End.ANSWERED, copied)));
        assertEquals(List.of(copied), traces(waiting.copied(useCase, LONG_AGO, 9)), "another copy came");
        waiting.compared(copied, late, Instant.now());
        assertEquals(List.of(), waiting.copied(useCase, LONG_AGO, 9));
        List<Candidate> candidates = waiting.unlabelled(useCase, LONG_AGO, complaints, 0, 9);
        assertEquals(
                List.of(bad, copied), candidates.stream().map(Candidate::trace).toList(), "complaints first");
        assertTrue(candidates.getFirst().complained() && !candidates.getLast().complained());
        assertEquals(late, candidates.getLast().other());
        assertEquals(0.1, candidates.getFirst().grade());
    }

    private static List<UUID> traces(List<Stored> stored) {
        return stored.stream().map(Stored::trace).toList();
    }

    /** However many are labelled, or came since: an old complaint is on the first page, and pages have all others, each once. */
    @Test
    void whatWaitsIsPagedThrough() {
        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            ids.add(add("watch-paged"));
        }
        UUID useCase = new UseCases(DATABASE).require("watch-paged");
        take(useCase);
        say(Feedback.Kind.BOOLEAN, ids.getFirst(), "rating", "false", 0.0, "u", "paged-1");
        say(
                Feedback.Kind.DEMONSTRATION,
                ids.getLast(),
                "demonstration",
                MESSAGE.formatted("one"),
                null,
                "ada",
                "paged-2");
        say(
                Feedback.Kind.PREFERENCE,
                ids.get(5),
                "preference",
                "{\"chosen\":%s,\"rejected\":%s}".formatted(MESSAGE.formatted("a"), MESSAGE.formatted("b")),
                null,
                "ada",
                "paged-3");
        List<Complaint> complaints = List.of(new Complaint("rating", 0, 0.4));
        List<UUID> paged = new ArrayList<>();
        for (int from = 0; from < 8; from += 2) {
            waiting.unlabelled(useCase, LONG_AGO, complaints, from, 2).forEach(one -> paged.add(one.trace()));
        }
        assertEquals(
                List.of(ids.get(0), ids.get(5), ids.get(4), ids.get(3), ids.get(2), ids.get(1)),
                paged,
                "a vote is no right answer");
        List<Candidate> labelled = waiting.labelled(useCase, LONG_AGO, complaints, 9);
        assertEquals(
                List.of(ids.getLast()), labelled.stream().map(Candidate::trace).toList());
        assertEquals(java.util.Set.of("ada"), labelled.getFirst().labelledBy());
        assertEquals(1, labels.labelledSince(useCase, null), "votes start no loop");
        assertTrue(labels.firstLabelled(useCase).isPresent());
    }

    @Test
    void aLabelStandsOnce() {
        UUID trace = add("watch-label");
        UUID useCase = new UseCases(DATABASE).require("watch-label");
        take(useCase);
        Label label = Labels.of(trace, "ada", Kind.DEMONSTRATION, "x", "id", Map.of("first", "a"), Instant.now());
        assertTrue(labels.add(useCase, label));
        assertFalse(labels.add(useCase, Labels.of(trace, "ada", Kind.TIE, "y", null, Map.of(), Instant.now())));
        assertTrue(labels.add(useCase, Labels.of(trace, "bob", Kind.SKIP, "", null, Map.of(), Instant.now())));
        Candidate candidate = waiting.labelled(useCase, LONG_AGO, List.of(), 9).getFirst();
        assertEquals(java.util.Set.of("ada"), candidate.labelledBy());
        assertEquals(java.util.Set.of("bob"), candidate.skippedBy());
        assertEquals(1, labels.standing(useCase).size());
        assertEquals(1, labels.count(useCase, "ada", LONG_AGO));
        assertEquals(0, labels.count(useCase, "bob", LONG_AGO));
        assertEquals(
                Map.of("first", "a"), labels.last(useCase, "ada").orElseThrow().shown());
        grades.add(trace, WatchedGrades.DEMONSTRATION, 1.0);
        assertTrue(labels.undo(label.id(), Instant.now()));
        assertFalse(labels.undo(label.id(), Instant.now()));
        assertEquals(Optional.empty(), labels.last(useCase, "ada"));
        assertEquals(1, labels.rounds(trace, "ada"));
        assertEquals(1, grades.scores(useCase, ALL, "none").size(), "with it goes the grade that stood on it");
        assertTrue(labels.add(useCase, Labels.of(trace, "ada", Kind.TIE, "y", null, Map.of(), Instant.now())));
    }

    /** With its content goes what could tell of it, with the call all that is known of it. */
    @Test
    void whatRetentionTakesIsGone() {
        UUID old = at(Instant.parse("2001-03-05T10:00:00Z"));
        calls.add(List.of(call(old, "watch-old", CapturedCall.End.ANSWERED, null)));
        UUID useCase = new UseCases(DATABASE).require("watch-old");
        take(useCase);
        labels.add(useCase, Labels.of(old, "ada", Kind.SKIP, "", null, Map.of(), Instant.now()));
        TraceRetention retention = new TraceRetention(DATABASE);
        Instant later = Instant.parse("2001-06-01T00:00:00Z");
        retention.carryOut(new Retention(30, null), later, false);
        assertEquals(List.of(), waiting.unlabelled(useCase, LONG_AGO, List.of(), 0, 9));
        assertEquals(1, watched.forget(useCase));
        assertEquals(List.of(), watched.kept(useCase, "e", 0, Long.MAX_VALUE, null));
        assertEquals(1, watched.count(useCase));
        retention.carryOut(new Retention(null, 30), later, false);
        assertEquals(0, watched.count(useCase));
        assertEquals(Optional.empty(), labels.last(useCase, "ada"));
    }
}
