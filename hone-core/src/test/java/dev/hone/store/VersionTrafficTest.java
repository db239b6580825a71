package dev.hone.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.CapturedCall.Attempt;
import dev.hone.record.DatasetNode;
import dev.hone.record.Feedback;
import dev.hone.record.FeedbackCount;
import dev.hone.record.Ids;
import dev.hone.record.ModelVersion;
import dev.hone.record.Project;
import dev.hone.record.StoredRollout;
import dev.hone.record.TraceLineage;
import dev.hone.record.VersionTraffic;
import dev.hone.record.VersionTraffic.Day;
import dev.hone.record.VersionTraffic.Uncounted;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What versions answered, what came back on what they learned from, and what became of their rollouts, in a real database. */
final class VersionTrafficTest {
    private static final Database DATABASE = TestDatabase.database();
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final LocalDate DAY = LocalDate.now(ZoneOffset.UTC);
    private static final Instant NOON = DAY.atTime(12, 0).toInstant(ZoneOffset.UTC);

    private final Lineage lineage = new Lineage(DATABASE);
    private final RolloutRows rows = new RolloutRows(DATABASE);
    private final Calls calls = new Calls(DATABASE);
    private final UUID journal = UUID.randomUUID();

    private static Attempt attempt(int number, String variant, String model, @Nullable String trouble) {
        return new Attempt(number, variant, model, model, trouble == null ? 200 : 503, trouble, 5, null);
    }

    private void call(String useCase, Instant at, @Nullable UUID shadowOf, Attempt... attempts) {
        calls.add(
                journal,
                new Calls.Checkpoint(1, 1),
                List.of(MadeCall.of(useCase)
                        .at(at)
                        .shadowOf(shadowOf)
                        .asked(attempts)
                        .call()));
    }

    @Test
    void callsAreOfWhoeverAnsweredThemOnTheirDay() {
        ModelVersion one = rows.version("traffic-told", true);
        ModelVersion two = rows.version("traffic-told", true);
        String first = one.reference();
        String second = two.reference();
        for (int i = 0; i < 3; i++) {
            call("traffic-told", NOON, null, attempt(1, "live", first, null));
        }
        call("traffic-told", NOON, null, attempt(1, "candidate", second, "busy"), attempt(2, "live", first, null));
        call("traffic-told", NOON, null, attempt(1, "candidate", second, null));
        call("traffic-told", NOON, Ids.next(), attempt(1, "candidate", second, null));
        call("traffic-told", NOON, null, attempt(1, "live", first, "busy"));
        call("traffic-told", NOON, null, attempt(1, "incumbent", "gpt", null));
        call("traffic-told", NOON.plus(Duration.ofDays(1)), null, attempt(1, "live", second, null));
        call("traffic-other", NOON, null, attempt(1, "live", first, null));
        VersionTraffic ofFirst = lineage.traffic(one, LONG);
        assertEquals(
                new VersionTraffic(List.of(new Day(DAY, 4, 0, 0)), List.of()),
                ofFirst,
                "three, and one of another that failed");
        assertEquals(
                new VersionTraffic(List.of(new Day(DAY.plusDays(1), 1, 0, 0), new Day(DAY, 0, 1, 1)), List.of()),
                lineage.traffic(two, LONG));
        assertEquals(
                List.of("it answered 4 calls of users (4 as live, 0 as candidate) and 0 copies for nobody, on " + DAY),
                ofFirst.sentences());
        assertEquals(
                List.of("it answered no call"),
                lineage.traffic(rows.version("traffic-told", true), LONG).sentences());
    }

    /** Nobody waits for a day whose calls cannot be looked through, and the others are counted all the same. */
    @Test
    void whatThereIsNoTimeForIsNamed() throws Exception {
        ModelVersion version = rows.version("traffic-slow", true);
        Instant far = NOON.plus(Duration.ofDays(70));
        LocalDate farDay = DAY.plusDays(70);
        call("traffic-slow", NOON, null, attempt(1, "live", version.reference(), null));
        call("traffic-slow", far, null, attempt(1, "live", version.reference(), null));
        call("traffic-slow", far, null, attempt(1, "live", "traffic-slow/9", null));
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        String month = "attempt_%d_%02d".formatted(farDay.getYear(), farDay.getMonthValue());
        Thread slow = Thread.ofPlatform().start(() -> TestDatabase.whileLocked(month, held, done));
        held.await();
        VersionTraffic found;
        try {
            found = lineage.traffic(version, Duration.ofSeconds(6));
        } finally {
            done.countDown();
            slow.join();
        }
        assertEquals(
                new VersionTraffic(List.of(new Day(DAY, 1, 0, 0)), List.of(new Uncounted(farDay, 2, false))), found);
        assertEquals(
                "not counted on %s: no time was left for their calls (at most 2, of all versions)".formatted(farDay),
                found.sentences().getLast());
        assertEquals(
                List.of(new Uncounted(farDay, 2, false), new Uncounted(DAY, 1, false)),
                lineage.traffic(version, Duration.ZERO).uncounted(),
                "no time at all");
    }

    @Test
    void whatRetentionTookIsNotSaidToBeNone() {
        ModelVersion version = rows.version("traffic-gone", true);
        LocalDate gone = LocalDate.of(DAY.getYear() + 3, 3, 5);
        rows.change(
                "INSERT INTO usage_day SELECT project, ?, name, 'live', false, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0 FROM use_case WHERE id = ?",
                gone,
                version.useCaseId());
        rows.change("INSERT INTO dropped_month (month) VALUES (?)", gone.withDayOfMonth(1));
        try {
            VersionTraffic found = lineage.traffic(version, LONG);
            assertEquals(new VersionTraffic(List.of(), List.of(new Uncounted(gone, 7, true))), found);
            assertEquals(
                    "not counted on %s: retention has taken the calls (at most 7, of all versions)".formatted(gone),
                    found.sentences().getLast());
        } finally {
            rows.change("DELETE FROM dropped_month WHERE month = ?", gone.withDayOfMonth(1));
        }
    }

    /** However many calls others have on that day, and whatever there is of other months. */
    @Test
    void callsOfADayAreFoundByTheIndex() {
        ModelVersion version = rows.version("traffic-plan", true);
        UUID other = new UseCases(DATABASE).obtain("traffic-crowd");
        rows.change("DO $$ BEGIN PERFORM make_room('2026-06-01T00:00:00Z'); END $$");
        rows.change("""
                INSERT INTO trace (id, use_case, route, variant, ended)
                SELECT (left(least_id('2026-06-10T10:00:00Z'::timestamptz + i * interval '1 second')::text, 13) || '-7001-8000-' || lpad(to_hex(i), 12, '0'))::uuid,
                       ?, 'traffic-crowd', 'live', 'answered'
                  FROM generate_series(1, 20000) AS i
                ON CONFLICT DO NOTHING
                """, other);
        rows.change("""
                INSERT INTO attempt (trace, number, variant, upstream, model, ms)
                SELECT id, 1, 'live', 'x', 'x', 1 FROM trace WHERE use_case = ? ON CONFLICT DO NOTHING
                """, other);
        rows.change("DO $$ BEGIN EXECUTE 'ANALYZE trace'; EXECUTE 'ANALYZE attempt'; END $$");
        String plan = String.join("\n", new AnsweredCalls(DATABASE, version).plan(LocalDate.of(2026, 6, 10)));
        assertTrue(plan.contains("trace_2026_06") && plan.contains("use_case_id"), plan);
        assertTrue(!plan.contains("Seq Scan"), plan);
        assertTrue(!plan.contains("trace_2026_07") && !plan.contains("trace_2026_05"), "one month of them: " + plan);
    }

    private void say(UUID trace, Feedback.Kind kind, String name, String value, @Nullable String id) {
        calls.add(
                journal,
                new Calls.Checkpoint(1, 2),
                List.of(),
                List.of(new Feedback(
                        Ids.next(),
                        Project.DEFAULT,
                        trace,
                        null,
                        null,
                        kind,
                        name,
                        value,
                        null,
                        null,
                        NOON,
                        NOON,
                        id,
                        "0".repeat(64),
                        null,
                        true,
                        null)),
                new Feedbacks.Ruling() {
                    @Override
                    public Optional<String> objection(Feedback feedback, @Nullable String of) {
                        return Optional.empty();
                    }

                    @Override
                    public void aside(Feedback feedback, String why) {
                        throw new AssertionError(why);
                    }
                });
    }

    /** Of its own traces alone, each once, and nothing that was taken back. */
    @Test
    void aDatasetKnowsWhatCameBackOnItsTraces() throws Exception {
        LearnedFixture learned = LearnedFixture.of(DATABASE, "feedback-counted", 5);
        DatasetNode dataset =
                lineage.ofDataset(learned.dataset(0, 2, 1, 0).hash()).dataset();
        assertEquals(Optional.of(new FeedbackCount(3, Map.of("demonstration", 3L))), lineage.feedback(dataset, LONG));
        say(learned.traces().get(0), Feedback.Kind.BOOLEAN, "helped", "true", null);
        say(learned.traces().get(1), Feedback.Kind.BOOLEAN, "helped", "false", "feedback-counted-1");
        say(learned.traces().get(1), Feedback.Kind.COMMENT, "withdrawal", "\"feedback-counted-1\"", null);
        say(learned.traces().get(4), Feedback.Kind.BOOLEAN, "helped", "true", null);
        FeedbackCount found = lineage.feedback(dataset, LONG).orElseThrow();
        assertEquals(new FeedbackCount(3, Map.of("boolean", 1L, "demonstration", 3L)), found);
        assertEquals("4 on 3 of these traces (boolean 1, demonstration 3)", found.sentence());
        DatasetNode silent =
                lineage.ofDataset(learned.dataset(3, 1, 0, 0).hash()).dataset();
        learned.execute("DELETE FROM feedback WHERE trace = ?", learned.traces().get(3));
        assertEquals(
                "none on these traces",
                lineage.feedback(silent, LONG).orElseThrow().sentence());
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        Thread slow = Thread.ofPlatform().start(() -> TestDatabase.whileLocked("feedback", held, done));
        held.await();
        try {
            assertEquals(Optional.empty(), lineage.feedback(dataset, Duration.ofMillis(300)), "not counted");
        } finally {
            done.countDown();
            slow.join();
        }
    }

    @Test
    void whatBecameOfAVersionIsKnownWhereverItIs() {
        LearnedFixture learned = LearnedFixture.of(DATABASE, "rollout-known", 3);
        ModelVersion bad = learned.version("bad", learned.dataset(0, 2, 1, 0), null);
        ModelVersion never = learned.version("never", null, null);
        new GateVerdicts(DATABASE).add(bad, null, true, "{}", "ann");
        Rollouts rollouts = new Rollouts(DATABASE);
        StoredRollout stopped = rollouts.begin(bad.useCaseId(), bad.id(), "ann");
        rollouts.record(RolloutRows.decision(stopped, "stopped", "stop", "ann"), RolloutRows.place("stopped"));
        StoredRollout taken = rollouts.begin(bad.useCaseId(), bad.id(), "ann");
        rollouts.record(
                RolloutRows.decision(taken, "rolled-back", "roll-back", "hone serve"),
                RolloutRows.place("rolled-back"));
        Map<UUID, StoredRollout> newest = lineage.rollouts(List.of(bad, never));
        assertEquals(List.of(bad.id()), List.copyOf(newest.keySet()));
        assertEquals(taken.id(), newest.get(bad.id()).id());
        assertEquals("rolled-back", newest.get(bad.id()).phase());
        TraceLineage up = lineage.ofTrace(learned.traces().getFirst());
        assertEquals("rolled-back", up.versions().getFirst().rollout());
        assertEquals(
                List.of("rolled-back", "stopped"),
                lineage.ofVersion(learned.again(bad)).rollouts().stream()
                        .map(StoredRollout::phase)
                        .toList());
    }
}
