package dev.hone.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.charter.Charter;
import dev.hone.improve.Look;
import dev.hone.improve.Queue;
import dev.hone.improve.Sampling;
import dev.hone.improve.Sampling.Purpose;
import dev.hone.record.CapturedCall;
import dev.hone.record.Ids;
import dev.hone.store.Calls;
import dev.hone.store.Compared;
import dev.hone.store.Loops;
import dev.hone.store.StoreFixture;
import dev.hone.store.UseCases;
import dev.hone.store.WatchLooks;
import dev.hone.store.WatchedGrades;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rounds of watching over a real database, from calls without any reference to a drift that is found and taken as usual. */
@Timeout(180)
final class WatchTest {
    private static final String ALL = "{sample: 1, calls-a-day: 5000, second-labels: 0}";

    private final WatchFixture fixture = WatchFixture.open();
    private final Watch watch = new Watch(fixture.database, Eyes.ofWords(), Duration.ZERO, () -> false);

    private Subject subject(String name, String improve) {
        Charter charter = WatchFixture.charter(name, "{kind: tool_call}", improve);
        return new Subject(new UseCases(fixture.database).obtain(name), charter);
    }

    private WatchState state(Subject subject) {
        return WatchState.of(fixture.database, subject, new Waiting(fixture.database), Instant.now());
    }

    private long rows(String sql, UUID useCase) {
        return Long.parseLong(
                StoreFixture.texts(fixture.database, sql.formatted(useCase)).getFirst());
    }

    @Test
    void withoutCallsNothingIsSaid() {
        Charter charter = WatchFixture.charter("none", "{kind: tool_call}", ALL);
        assertEquals(Optional.empty(), Subject.of(fixture.database, charter), "not even the use case is there");
        Subject subject = subject("none", ALL);
        Watch.Round round = watch.carryOut(subject, Instant.now());
        assertEquals(new Watch.Round(0, 0, 0, 0, 0, false, null), round);
        WatchState state = state(subject);
        assertEquals(100, state.missing());
        assertEquals(List.of(), state.queue());
        assertFalse(state.decision().start());
        String told = String.valueOf(
                assertThrows(IllegalArgumentException.class, () -> watch.adopt(subject, Instant.now(), "ada", "test"))
                        .getMessage());
        assertTrue(told.contains("[0] calls") && told.contains("[100]"), told);
    }

    @Test
    void aShiftIsFoundNamedAndTakenAsUsual() {
        Subject subject = subject("shift", ALL);
        fixture.add("shift", 450, 3);
        Watch.Round first = watch.carryOut(subject, Instant.now());
        assertEquals(450, first.sampled());
        assertFalse(first.reference(), "a night's calls, however many, are no week's");
        pass(subject, Duration.ofDays(6));
        assertFalse(watch.carryOut(subject, Instant.now()).reference(), "nor are those of days");
        pass(subject, Duration.ofDays(2));
        Watch.Round reference = watch.carryOut(subject, Instant.now());
        assertTrue(reference.reference());
        assertNull(reference.look(), "nothing came after it");
        assertEquals(
                450,
                rows(
                        "SELECT count(*) FROM watched_grade g JOIN watched_call w USING (trace) WHERE w.use_case = '%s' AND score = 1",
                        subject.useCase()));
        Watch.Round again = watch.carryOut(subject, Instant.now());
        assertEquals(0, again.passed() + again.sampled(), "every call is looked at once");
        fixture.add("shift", 100, 3);
        Look same = assertLooked(watch.carryOut(subject, Instant.now()));
        assertFalse(same.drifted(), same.findings().toString());
        assertEquals(List.of(), same.newTools());
        fixture.add("shift", 220, 4);
        Look moved = assertLooked(watch.carryOut(subject, Instant.now()));
        assertTrue(moved.drifted(), moved.findings().toString());
        assertEquals(List.of("reserve"), moved.newTools());
        assertEquals(List.of("reserve"), moved.newNames());
        WatchState state = state(subject);
        assertEquals(moved, state.look(), "it comes back from the store as it was");
        assertTrue(
                state.decision().reasons().getFirst().startsWith("production has drifted"),
                state.decision().toString());
        assertFalse(state.decision().start(), "nobody has labelled anything");
        assertTrue(
                state.queue().getFirst().reasons().stream()
                        .anyMatch(reason -> reason.contains("nothing before") || reason.contains("unlike")),
                state.queue().toString());
        watch.adopt(subject, Instant.now(), "ada", "the new tool is meant");
        assertNull(state(subject).look());
        fixture.add("shift", 60, 4);
        assertFalse(assertLooked(watch.carryOut(subject, Instant.now())).drifted());
        assertEquals("ada", state(subject).reference().who());
    }

    private static Look assertLooked(Watch.Round round) {
        Look look = round.look();
        assertNotNull(look, round.toString());
        return look;
    }

    private void pass(Subject subject, Duration time) {
        StoreFixture.pass(fixture.database, subject.useCase(), time);
    }

    /** A subject with a reference that was taken a moment ago, of calls of eight days ago. */
    private Subject referenced(String name, int calls) {
        Subject subject = subject(name, ALL);
        fixture.add(name, calls, 3);
        watch.carryOut(subject, Instant.now());
        pass(subject, Duration.ofDays(8));
        assertTrue(watch.carryOut(subject, Instant.now()).reference());
        return subject;
    }

    /** Of more calls than are looked at those that are left are of the whole time, the last as well as the first. */
    @Test
    void aLargeReferenceIsThinnedEvenly() {
        List<Integer> many = java.util.stream.IntStream.range(0, 3_500).boxed().toList();
        List<Integer> some = References.thinned(many);
        assertEquals(875, some.size());
        assertEquals(0, some.getFirst());
        assertEquals(3_496, some.getLast());
        assertEquals(4, some.get(501) - some.get(500));
        assertEquals(many.subList(0, 1_000), References.thinned(many.subList(0, 1_000)));
    }

    private void answered(CapturedCall call, double probability) {
        new Calls(fixture.database).add(List.of(call));
        StoreFixture.change(
                fixture.database, """
                INSERT INTO attempt (trace, number, variant, upstream, model, status, trouble, ms, logprob, answer_tokens)
                VALUES (?, 1, 'live', 'u', 'm', 500, 'broken', 1, -9, 9), (?, 2, 'live', 'u', 'm', 200, NULL, 1, ln(?::float8), 40)
                """, call.facts().id(), call.facts().id(), probability);
    }

    /** How probable its call was to the model that answered is why it waits; what a copy was unsure of says nothing of the answer that the user saw. */
    @Test
    void whatTheModelWasUnsureOfWaits() {
        Subject subject = subject("unsure", ALL);
        List<UUID> ids = List.of(Ids.next(), Ids.next(), Ids.next());
        answered(fixture.call("unsure", ids.get(0), 0, 3, null, "track"), 1);
        answered(fixture.call("unsure", ids.get(1), 1, 3, null, "refund"), 0.25);
        CapturedCall sure = fixture.call("unsure", ids.get(2), 2, 3, null, "account");
        answered(sure, 1);
        answered(
                WatchFixture.call(
                        "unsure",
                        Ids.next(),
                        ids.get(2),
                        new String(sure.request(), StandardCharsets.UTF_8),
                        new String(sure.response(), StandardCharsets.UTF_8)),
                0.01);
        watch.carryOut(subject, Instant.now());
        List<Queue.Item> queue = new Waiting(fixture.database).of(subject, null, 10, Instant.now());
        assertEquals(3, queue.size());
        assertEquals(ids.get(1), queue.getFirst().trace());
        assertEquals(List.of("the model was 25 % sure"), queue.getFirst().reasons());
        assertEquals(0.5 * 0.75, queue.getFirst().worth(), 1e-12);
        assertEquals(List.of("drawn by chance"), queue.get(1).reasons());
        assertEquals(List.of("drawn by chance"), queue.get(2).reasons());
    }

    /** Of calls that were asked and answered as ever, seven of ten are said to be solved within the hour, the others not to be by a job after a week. */
    @Test
    void feedbackThatIsLateIsOfBothSidesOrNone() {
        Subject subject = subject("late", "{sample: 1, calls-a-day: 5000, drift: {window: 1h}}");
        fixture.add("late", 300, 3);
        watch.carryOut(subject, Instant.now());
        pass(subject, Duration.ofHours(30));
        assertTrue(watch.carryOut(subject, Instant.now()).reference());
        fixture.add("late", 300, 3);
        watch.carryOut(subject, Instant.now());
        pass(subject, Duration.ofDays(10));
        StoreFixture.change(fixture.database, """
                INSERT INTO feedback (id, project, trace, use_case, kind, name, value, score, day, route, variant, created)
                SELECT gen_random_uuid(), u.project, w.trace, w.use_case, 'boolean', 'solved', to_json(w.solved), w.solved::integer,
                       w.recorded::date, 'late', 'live', w.recorded + CASE WHEN w.solved THEN interval '1 hour' ELSE interval '7 days' END
                  FROM (SELECT *, position % 10 < 7 AS solved FROM watched_call) AS w JOIN use_case u ON u.id = w.use_case
                 WHERE u.id = ?
                """, subject.useCase());
        Look look = assertLooked(watch.carryOut(subject, Instant.now()));
        assertTrue(
                look.findings().stream().anyMatch(finding -> finding.of().equals("feedback: solved")),
                look.findings().toString());
        assertFalse(look.drifted(), look.findings().toString());
    }

    /** With the content of calls go their vectors: nobody looks at a reference of which too few are left, and it is said. */
    @Test
    void aReferenceThatIsGoneIsSaidAndReplaced() {
        Subject subject = referenced("gone", 300);
        fixture.add("gone", 60, 3);
        watch.carryOut(subject, Instant.now());
        assertNull(state(subject).trouble());
        StoreFixture.change(
                fixture.database,
                "UPDATE watched_call SET input = NULL WHERE use_case = ? AND recorded < now() - interval '1 day'",
                subject.useCase());
        assertFalse(watch.carryOut(subject, Instant.now()).reference(), "sixty calls are none");
        String trouble = state(subject).trouble();
        assertTrue(trouble != null && trouble.startsWith("cannot look: of the reference [0] calls"), trouble);
        fixture.add("gone", 60, 3);
        assertTrue(watch.carryOut(subject, Instant.now()).reference());
        assertNull(state(subject).trouble());
        WatchLooks.Reference reference = state(subject).reference();
        assertNotNull(reference);
        assertTrue(reference.why().contains("could be compared"), reference.why());
    }

    /** What was found stays found when its reference cannot be compared any more. */
    @Test
    void driftOutlivesTheVectorsOfItsReference() {
        Subject subject = referenced("outlives", 300);
        fixture.add("outlives", 260, 4);
        assertTrue(assertLooked(watch.carryOut(subject, Instant.now())).drifted());
        StoreFixture.change(
                fixture.database,
                "UPDATE watched_call SET input = NULL WHERE use_case = ? AND recorded < now() - interval '1 day'",
                subject.useCase());
        assertFalse(watch.carryOut(subject, Instant.now()).reference());
        assertFalse(state(subject).changes().isEmpty());
        String trouble = state(subject).trouble();
        assertTrue(trouble != null && trouble.contains("what was found stands"), trouble);
    }

    /** The same calls as without the break: those of the sample, each once. */
    @Test
    void whoIsKilledInTheMiddleGoesOnThere() {
        Subject subject = subject("killed", "{sample: 0.3, calls-a-day: 5000}");
        List<UUID> ids = fixture.add("killed", 1_700, 3);
        AtomicInteger asked = new AtomicInteger();
        Watch dying = new Watch(fixture.database, Eyes.ofWords(), Duration.ZERO, () -> asked.incrementAndGet() > 2);
        int before = dying.carryOut(subject, Instant.now()).sampled();
        int after = watch.carryOut(subject, Instant.now()).sampled();
        assertTrue(before > 0 && after > 0, before + " and " + after);
        long sample =
                ids.stream().filter(id -> Sampling.isIn(id, Purpose.WATCH, 0.3)).count();
        assertEquals(sample, before + after);
        assertEquals(sample, rows("SELECT count(*) FROM watched_call WHERE use_case = '%s'", subject.useCase()));
    }

    @Test
    void aDayHasItsBound() {
        Subject subject = subject("bound", "{sample: 1, calls-a-day: 40}");
        fixture.add("bound", 400, 3);
        int sampled = watch.carryOut(subject, Instant.now()).sampled();
        assertTrue(sampled > 15 && sampled <= 40, "" + sampled);
        fixture.add("bound", 400, 3);
        assertTrue(sampled + watch.carryOut(subject, Instant.now()).sampled() <= 40);
        Subject none = subject("bound-none", "{sample: 1, calls-a-day: 0}");
        fixture.add("bound-none", 30, 3);
        assertEquals(0, watch.carryOut(none, Instant.now()).sampled());
    }

    /** What goes on, and began last, is what the table of rounds says. */
    @Test
    void aRoundThatGoesOnIsKnown() {
        Subject subject = subject("going", ALL);
        assertNull(state(subject).lastLoop());
        Loops loops = new Loops(fixture.database);
        Loops.Round round = loops.begin(Ids.next(), subject.useCase(), "drift", "ada", "/home");
        assertEquals(round.begun(), state(subject).lastLoop());
        assertTrue(
                state(subject).decision().against().contains("a loop of this use case goes on"),
                state(subject).decision().toString());
        loops.end(round.id(), Loops.Outcome.ABANDONED, "enough", null);
        assertFalse(
                state(subject).decision().against().contains("a loop of this use case goes on"),
                state(subject).decision().toString());
        assertEquals(round.begun(), state(subject).lastLoop());
    }

    /** A clock that runs ahead, and one that runs behind, hold nobody up. */
    @Test
    void callsOfSkewedClocksAreWatchedInTheirTurn() {
        Subject subject = subject("skewed", ALL);
        for (Duration off : List.of(Duration.ofDays(40), Duration.ofDays(-400))) {
            UUID any = Ids.next();
            UUID id = new UUID(
                    Instant.now().plus(off).toEpochMilli() << 16 | any.getMostSignificantBits() & 0xFFFF,
                    any.getLeastSignificantBits());
            new Calls(fixture.database).add(List.of(fixture.call("skewed", id, 0, 3, null, "track")));
        }
        fixture.add("skewed", 3, 3);
        assertEquals(5, watch.carryOut(subject, Instant.now()).sampled());
        assertEquals(
                0,
                watch.carryOut(subject, Instant.now().minus(Duration.ofDays(3))).sampled());
    }

    /** Calls that nobody ever judges are like those before them. */
    @Test
    void outcomesThatNeverComeAreNoDrift() {
        Subject subject = subject("unjudged", ALL);
        fixture.add("unjudged", 420, 3);
        watch.carryOut(subject, Instant.now());
        pass(subject, Duration.ofDays(8));
        watch.carryOut(subject, Instant.now());
        fixture.add("unjudged", 50, 3);
        Look look = assertLooked(watch.carryOut(subject, Instant.now().plus(Duration.ofDays(3))));
        assertTrue(
                look.findings().stream()
                        .noneMatch(finding -> finding.of().startsWith("feedback")
                                && !finding.of().equals("feedback: given")),
                look.findings().toString());
        assertFalse(look.drifted(), look.findings().toString());
    }

    /** Calls that cannot be read are told of, and stop nothing. */
    @Test
    void whatCannotBeReadIsCounted() {
        Subject subject = subject("unreadable", ALL);
        new Calls(fixture.database).add(List.of(WatchFixture.call("unreadable", Ids.next(), null, "{", "no")));
        fixture.add("unreadable", 2, 3);
        Watch.Round round = watch.carryOut(subject, Instant.now());
        assertEquals(1, round.unreadable());
        assertEquals(2, round.sampled());
    }

    /** A copy that was answered otherwise waits before all others. */
    @Test
    void answersThatDisagreeWaitFirst() {
        Subject subject = subject("disagree", "{sample: 0, calls-a-day: 100}");
        List<UUID> calls = fixture.add("disagree", 20, 1);
        UUID live = calls.get(7);
        new Calls(fixture.database).add(List.of(fixture.call("disagree", Ids.next(), 0, 1, live, "refund")));
        Watch.Round round = watch.carryOut(subject, Instant.now());
        assertEquals(0, round.sampled());
        assertEquals(1, round.wanted());
        WatchState state = state(subject);
        assertEquals(live, state.queue().getFirst().trace());
        assertEquals(
                List.of("another version answered otherwise"),
                state.queue().getFirst().reasons());
        assertEquals(
                0,
                new WatchedGrades(fixture.database)
                        .scores(subject.useCase(), new Compared(0, Long.MAX_VALUE, null, null), "x")
                        .size(),
                "it is no sample");
    }

    /** A copy is answered when it is: also after its call was watched. */
    @Test
    void aCopyThatComesLateIsComparedToo() {
        Subject subject = subject("late-copy", ALL);
        List<UUID> calls = fixture.add("late-copy", 6, 1);
        watch.carryOut(subject, Instant.now());
        UUID live = calls.get(2);
        new Calls(fixture.database).add(List.of(fixture.call("late-copy", Ids.next(), 0, 1, live, "refund")));
        assertEquals(1, watch.carryOut(subject, Instant.now()).wanted());
        assertEquals(live, state(subject).queue().getFirst().trace());
        assertEquals(0, watch.carryOut(subject, Instant.now()).wanted(), "once");
    }

    /** A shadow that answers as the live version does asks nobody anything. */
    @Test
    void copiesThatAgreeDoNotWait() {
        Subject subject = subject("agree", "{sample: 0, calls-a-day: 100}");
        UUID live = Ids.next();
        String request = "{\"messages\":[{\"role\":\"user\",\"content\":\"where is it\"}]}";
        String response = "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"%s\"}}]}";
        new Calls(fixture.database)
                .add(List.of(
                        WatchFixture.call("agree", live, null, request, response.formatted("on its way")),
                        WatchFixture.call("agree", Ids.next(), live, request, response.formatted("On its way "))));
        assertEquals(0, watch.carryOut(subject, Instant.now()).wanted());
        assertEquals(List.of(), state(subject).queue());
    }
}
