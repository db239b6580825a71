package dev.hone.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.CallUsage;
import dev.hone.record.CapturedCall;
import dev.hone.record.CapturedCall.Attempt;
import dev.hone.record.Feedback;
import dev.hone.record.Ids;
import dev.hone.record.ModelVersion;
import dev.hone.record.Money;
import dev.hone.record.Project;
import dev.hone.store.Calls.Checkpoint;
import dev.hone.store.RolloutTallies.Sum;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Sums of calls in a real database. */
final class RolloutTalliesTest {
    private static final Database DATABASE = TestDatabase.database();
    private static final Instant FROM = Instant.parse("2026-06-01T10:00:00Z");

    private final RolloutTallies tallies = new RolloutTallies(DATABASE);
    private final RolloutRows rows = new RolloutRows(DATABASE);
    private final Calls calls = new Calls(DATABASE);
    private final UUID journal = UUID.randomUUID();

    private static UUID id(Duration after) {
        return Ids.of(FROM.plus(after), UUID.randomUUID().toString());
    }

    private static Attempt attempt(int number, String variant, String model, @Nullable String trouble) {
        return new Attempt(number, variant, model, model, trouble == null ? 200 : 503, trouble, 5, null);
    }

    private static CapturedCall call(
            String useCase,
            UUID id,
            @Nullable String episode,
            double millis,
            @Nullable String cost,
            @Nullable UUID shadowOf,
            Attempt... attempts) {
        Attempt last = attempts[attempts.length - 1];
        boolean answered = last.trouble() == null;
        return new CapturedCall(
                new CapturedCall.Facts(
                        id,
                        FROM,
                        "/v1/chat/completions",
                        "use-case/" + useCase,
                        useCase,
                        true,
                        last.variant(),
                        new CapturedCall.Origin(Project.DEFAULT, null, episode, null, Map.of(), null, shadowOf),
                        false,
                        answered ? 200 : 503,
                        answered ? CapturedCall.End.ANSWERED : CapturedCall.End.REFUSED,
                        null,
                        millis,
                        CallUsage.UNKNOWN,
                        cost == null ? null : new Money(new BigDecimal(cost), "EUR"),
                        List.of(attempts)),
                "{}".getBytes(StandardCharsets.UTF_8),
                "{}".getBytes(StandardCharsets.UTF_8));
    }

    private void store(CapturedCall... made) {
        calls.add(journal, new Checkpoint(1, 1), List.of(made));
    }

    private RolloutTallies.Asked asked(ModelVersion version, boolean copies, @Nullable String baseline) {
        return new RolloutTallies.Asked(
                UUID.randomUUID(),
                version.useCaseId(),
                FROM,
                FROM.plusSeconds(3600),
                "candidate",
                version.reference(),
                baseline,
                copies,
                Duration.ofMillis(100),
                new BigDecimal("0.01"),
                "EUR",
                List.of(
                        new RolloutTallies.Metric("stars", 1, 5, false),
                        new RolloutTallies.Metric("reopened", 0, 1, true)));
    }

    private void say(String useCase, @Nullable UUID trace, @Nullable String episode, String name, double score) {
        calls.add(
                journal,
                new Checkpoint(1, 2),
                List.of(),
                List.of(new Feedback(
                        Ids.next(),
                        Project.DEFAULT,
                        trace,
                        useCase,
                        episode,
                        Feedback.Kind.FLOAT,
                        name,
                        String.valueOf(score),
                        score,
                        null,
                        FROM,
                        FROM,
                        null,
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

    /** Whoever reads for too long keeps the database from others, and is told. */
    @Test
    void whatTakesTooLongIsGivenUp() throws Exception {
        ModelVersion version = rows.version("tally-long", true);
        RolloutTallies impatient = new RolloutTallies(DATABASE, Duration.ofMillis(100));
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        Thread holder = Thread.ofPlatform().start(() -> TestDatabase.whileLocked("attempt", held, done));
        held.await();
        try {
            StoreException e = assertThrows(StoreException.class, () -> impatient.of(asked(version, false, null)));
            assertTrue(e.isTooLong(), e.getMessage());
        } finally {
            done.countDown();
            holder.join();
        }
        assertEquals(Map.of(), tallies.of(asked(version, false, null)).candidate());
    }

    /** Who was asked first has it, and not who stepped in. */
    @Test
    void aCallIsOfWhomItWasMeantFor() {
        ModelVersion version = rows.version("tally-arms", true);
        String own = version.reference();
        store(
                call(
                        "tally-arms",
                        id(Duration.ofSeconds(1)),
                        null,
                        50,
                        "0.001",
                        null,
                        attempt(1, "candidate", own, null)),
                call(
                        "tally-arms",
                        id(Duration.ofSeconds(2)),
                        null,
                        400,
                        "0.02",
                        null,
                        attempt(1, "candidate", own, "silent"),
                        attempt(2, "live", "tally-arms/0", null)),
                call(
                        "tally-arms",
                        id(Duration.ofSeconds(3)),
                        null,
                        500,
                        null,
                        null,
                        attempt(1, "live", "tally-arms/0", null)),
                call("tally-arms", id(Duration.ofSeconds(4)), null, 10, null, null, attempt(1, "old", "gpt", "busy")),
                call(
                        "tally-arms",
                        id(Duration.ofSeconds(5)),
                        null,
                        10,
                        null,
                        null,
                        attempt(1, "candidate", "tally-arms/9", null)),
                call(
                        "tally-arms",
                        id(Duration.ofSeconds(-5)),
                        null,
                        10,
                        null,
                        null,
                        attempt(1, "candidate", own, null)),
                call(
                        "tally-arms",
                        id(Duration.ofSeconds(3600)),
                        null,
                        10,
                        null,
                        null,
                        attempt(1, "candidate", own, null)),
                call(
                        "tally-arms",
                        id(Duration.ofSeconds(6)),
                        null,
                        10,
                        null,
                        Ids.next(),
                        attempt(1, "candidate", own, null)),
                call(
                        "tally-other",
                        id(Duration.ofSeconds(7)),
                        null,
                        10,
                        null,
                        null,
                        attempt(1, "candidate", own, null)));
        RolloutTallies.Sums sums = tallies.of(asked(version, false, null));
        assertEquals(new Sum(2, 1), sums.candidate().get("answered"));
        assertEquals(new Sum(2, 1), sums.candidate().get("in_time"));
        assertEquals(new Sum(2, 1), sums.candidate().get("within_cost"));
        assertEquals(new Sum(2, 1), sums.others().get("answered"));
        assertEquals(new Sum(2, 0), sums.others().get("in_time"));
        assertEquals(new Sum(0, 0), sums.others().get("within_cost"), "what nobody knows is missing");
        assertEquals(
                new Sum(1, 1),
                tallies.of(asked(version, false, "tally-arms/0")).others().get("answered"),
                "of the version that it is compared with alone");
    }

    @Test
    void anEpisodeCountsOnceAndOneThatBeganBeforeDoesNot() {
        ModelVersion version = rows.version("tally-episodes", true);
        String own = version.reference();
        List<CapturedCall> made = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            made.add(call(
                    "tally-episodes",
                    id(Duration.ofSeconds(10 + i)),
                    "new",
                    50,
                    null,
                    null,
                    attempt(1, "candidate", own, i == 0 ? "busy" : null)));
            made.add(call(
                    "tally-episodes",
                    id(Duration.ofSeconds(10 + i)),
                    "old",
                    50,
                    null,
                    null,
                    attempt(1, "live", "x", null)));
        }
        made.add(call(
                "tally-episodes", id(Duration.ofSeconds(-1)), "old", 50, null, null, attempt(1, "live", "x", null)));
        made.add(call(
                "tally-episodes", id(Duration.ofSeconds(20)), null, 50, null, null, attempt(1, "live", "x", null)));
        store(made.toArray(CapturedCall[]::new));
        RolloutTallies.Sums sums = tallies.of(asked(version, false, null));
        assertEquals(new Sum(1, 0.75), sums.candidate().get("answered"));
        assertEquals(new Sum(1, 1), sums.others().get("answered"));
    }

    /** Said days later, it is about the call that it is about. */
    @Test
    void feedbackIsAValueFromZeroToOne() {
        ModelVersion version = rows.version("tally-said", true);
        String own = version.reference();
        UUID one = id(Duration.ofSeconds(1));
        UUID two = id(Duration.ofSeconds(2));
        UUID three = id(Duration.ofSeconds(3));
        store(
                call("tally-said", one, null, 5, null, null, attempt(1, "candidate", own, null)),
                call("tally-said", two, "ep", 5, null, null, attempt(1, "candidate", own, null)),
                call("tally-said", three, null, 5, null, null, attempt(1, "live", "x", null)));
        say("tally-said", one, null, "stars", 4);
        say("tally-said", null, "ep", "reopened", 1);
        say("tally-said", three, null, "stars", 9);
        say("tally-said", three, null, "unknown", 0);
        RolloutTallies.Sums sums = tallies.of(asked(version, false, null));
        assertEquals(new Sum(2, 0.75), sums.candidate().get("feedback"));
        assertEquals(new Sum(1, 1), sums.others().get("feedback"));
    }

    @Test
    void copiesAreTheCandidatesAndNobodyElses() {
        ModelVersion version = rows.version("tally-copies", true);
        String own = version.reference();
        UUID user = id(Duration.ofSeconds(1));
        store(
                call("tally-copies", user, null, 50, null, null, attempt(1, "live", "x", null)),
                call(
                        "tally-copies",
                        id(Duration.ofSeconds(2)),
                        null,
                        300,
                        "0",
                        user,
                        attempt(1, "candidate", own, null)),
                call(
                        "tally-copies",
                        id(Duration.ofSeconds(2)),
                        null,
                        50,
                        null,
                        user,
                        attempt(1, "next", "other", null)),
                call(
                        "tally-copies",
                        id(Duration.ofSeconds(4)),
                        null,
                        50,
                        null,
                        null,
                        attempt(1, "live", "x", "no connection")));
        RolloutTallies.Sums sums = tallies.of(asked(version, true, null));
        assertEquals(new Sum(1, 1), sums.candidate().get("answered"));
        assertEquals(new Sum(1, 0), sums.candidate().get("in_time"));
        assertEquals(new Sum(1, 1), sums.candidate().get("within_cost"));
        assertEquals(new Sum(2, 1), sums.others().get("answered"), "also those that are not copied");
    }

    @Test
    void answersAreGradedOnce() {
        ModelVersion version = rows.version("tally-graded", true);
        String own = version.reference();
        UUID rollout = new Rollouts(DATABASE)
                .begin(version.useCaseId(), version.id(), "ann")
                .id();
        UUID one = id(Duration.ofSeconds(1));
        UUID two = id(Duration.ofSeconds(2));
        store(
                call("tally-graded", one, null, 5, null, null, attempt(1, "candidate", own, null)),
                call("tally-graded", two, null, 5, null, null, attempt(1, "live", "x", null)));
        RolloutGrades grades = new RolloutGrades(DATABASE);
        RolloutGrades.Asked asked = new RolloutGrades.Asked(
                rollout, version.useCaseId(), FROM, FROM.plusSeconds(60), "candidate", true, false, false);
        assertEquals(one, grades.missing(asked, 10).getFirst().trace());
        grades.add(rollout, List.of(new RolloutGrades.Grade(one, 0.5, ""), new RolloutGrades.Grade(two, null, "no")));
        grades.add(rollout, List.of(new RolloutGrades.Grade(one, 1.0, "")));
        assertEquals(List.of(), grades.missing(asked, 10));
        RolloutTallies.Asked sums = asked(version, false, null);
        assertEquals(
                new Sum(1, 0.5),
                tallies.of(new RolloutTallies.Asked(
                                rollout,
                                sums.useCase(),
                                sums.from(),
                                sums.to(),
                                sums.variant(),
                                sums.model(),
                                null,
                                false,
                                null,
                                null,
                                "EUR",
                                List.of()))
                        .candidate()
                        .get("quality"));
    }

    /** The calls of a time are found by the index, however many others there are. */
    @Test
    void callsAreFoundByTheIndex() {
        ModelVersion version = rows.version("tally-plan", true);
        UUID other = new UseCases(DATABASE).obtain("tally-crowd");
        rows.change("DO $$ BEGIN PERFORM make_room('2026-06-01T00:00:00Z'); END $$");
        rows.change("""
                INSERT INTO trace (id, use_case, route, variant, ended)
                SELECT (left(least_id('2026-06-01T10:00:00Z'::timestamptz + i * interval '1 second')::text, 13) || '-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid,
                       ?, 'tally-crowd', 'live', 'answered'
                  FROM generate_series(1, 20000) AS i
                ON CONFLICT DO NOTHING
                """, other);
        rows.change("""
                INSERT INTO attempt (trace, number, variant, upstream, model, ms)
                SELECT id, 1, 'live', 'x', 'x', 1 FROM trace WHERE use_case = ? ON CONFLICT DO NOTHING
                """, other);
        rows.change("DO $$ BEGIN EXECUTE 'ANALYZE trace'; EXECUTE 'ANALYZE attempt'; END $$");
        String plan = String.join("\n", tallies.plan(asked(version, false, null)));
        assertTrue(plan.contains("trace_2026_06") && plan.contains("use_case_id"), plan);
        assertTrue(!plan.contains("Seq Scan on trace_"), plan);
        assertTrue(!plan.contains("trace_2026_07") && !plan.contains("trace_2026_05"), "one month of them: " + plan);
    }
}
