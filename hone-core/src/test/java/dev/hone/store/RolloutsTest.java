package dev.hone.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.Ids;
import dev.hone.record.ModelVersion;
import dev.hone.record.RolloutDecision;
import dev.hone.record.StoredRollout;
import dev.hone.record.VersionReference;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Rollouts in a real database. */
final class RolloutsTest {
    private static final Database DATABASE = TestDatabase.database();

    private final Rollouts rollouts = new Rollouts(DATABASE);
    private final TakingBack back = new TakingBack(DATABASE);
    private final Aliases aliases = new Aliases(DATABASE);
    private final RolloutRows rows = new RolloutRows(DATABASE);

    private static String refusal(Executable executable) {
        return String.valueOf(
                assertThrows(IllegalArgumentException.class, executable).getMessage());
    }

    @Test
    void whatDidNotPassIsNotRolledOut() {
        ModelVersion unasked = rows.version("roll-gates", null);
        assertTrue(refusal(() -> rows.begin(unasked)).contains("[roll-gates/1] has not been judged by its gates"));
        rows.verdict(unasked, false);
        assertTrue(refusal(() -> rows.begin(unasked)).contains("did not pass its gates"));
        rows.verdict(unasked, true);
        rows.verdict(unasked, false);
        assertTrue(refusal(() -> rows.begin(unasked)).contains("did not pass"), "the last verdict counts");
        rows.verdict(unasked, true);
        StoredRollout begun = rows.begin(unasked);
        assertEquals("waiting ann null", begun.phase() + " " + begun.who() + " " + begun.baseline());
        assertEquals("1", rows.alias(unasked, "candidate"));
        assertEquals(
                List.of("begin ann"),
                rollouts.decisions(begun.id()).stream()
                        .map(one -> one.action() + " " + one.who())
                        .toList());
        assertEquals(
                List.of("rollout.begin"),
                rows.texts("SELECT action FROM audit WHERE subject = 'roll-gates/1' AND who = 'ann'"));
    }

    @Test
    void ofManyThatBeginAtOnceOneDoes() throws Exception {
        ModelVersion one = rows.version("roll-once", true);
        ModelVersion two = rows.version("roll-once", true);
        List<Callable<String>> all = IntStream.range(0, 12)
                .<Callable<String>>mapToObj(i -> () -> {
                    try {
                        return rows.begin(i % 2 == 0 ? one : two).phase();
                    } catch (IllegalArgumentException e) {
                        return String.valueOf(e.getMessage());
                    }
                })
                .toList();
        int begun = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
            for (Future<String> made : threads.invokeAll(all)) {
                begun += made.get().equals("waiting") ? 1 : 0;
                assertTrue(
                        made.get().equals("waiting") || made.get().contains("is being rolled out (waiting)"),
                        made.get());
            }
        }
        assertEquals(1, begun);
        assertThrows(
                StoreException.class, () -> rows.change("""
                        INSERT INTO rollout (id, use_case, version, number, artifact, since, who)
                        SELECT gen_random_uuid(), use_case, version, number, artifact, since, who FROM rollout WHERE use_case = ?
                        """, one.useCaseId()), "the database itself refuses a second");
    }

    @Test
    void promotionMovesAllAliasesOrNone() {
        ModelVersion first = rows.version("roll-promoted", true);
        rows.live(first);
        ModelVersion second = rows.version("roll-promoted", true);
        assertTrue(refusal(() -> rows.begin(first)).contains("has the calls of [roll-promoted] already"));
        StoredRollout begun = rows.begin(second);
        assertEquals(1, begun.baseline().number());
        String early = refusal(() -> rollouts.promote(
                RolloutRows.decision(begun, "promoted", "promote", "bob"), RolloutRows.place("promoted")));
        assertTrue(early.contains("is [waiting], and cannot be promoted"), early);
        rollouts.record(
                RolloutRows.decision(begun, "canary", "canary", RolloutDecision.NOBODY), RolloutRows.place("canary"));
        rows.verdict(second, false);
        assertTrue(refusal(() -> rollouts.promote(
                        RolloutRows.decision(begun, "promoted", "promote", "bob"), RolloutRows.place("promoted")))
                .contains("did not pass"));
        assertEquals("1", rows.alias(first, "live"));
        rows.verdict(second, true);
        RolloutDecision promoted = RolloutRows.decision(begun, "promoted", "promote", "bob");
        rollouts.promote(promoted, RolloutRows.place("promoted"));
        assertEquals(
                "2 1 ",
                rows.alias(first, "live") + " " + rows.alias(first, "previous") + " " + rows.alias(first, "candidate"));
        assertEquals("promoted", rollouts.find(begun.id()).orElseThrow().phase());
        assertTrue(rollouts.goingOn(first.useCaseId()).isEmpty());
        assertEquals(1, back.goBack(first.useCaseId(), "cy"));
        assertEquals("1 ", rows.alias(first, "live") + " " + rows.alias(first, "previous"));
        assertTrue(
                refusal(() -> back.goBack(first.useCaseId(), "di")).contains("has no previous version"),
                "who goes back twice does not go forward");
        assertEquals("1", rows.alias(first, "live"));
    }

    @Test
    void aVersionThatWasComparedWithAnotherThanTheLiveOneIsNotPromoted() {
        ModelVersion first = rows.version("roll-moved", true);
        rows.live(first);
        StoredRollout begun = rows.begin(rows.version("roll-moved", true));
        rows.live(rows.version("roll-moved", true));
        rollouts.record(
                RolloutRows.decision(begun, "canary", "canary", RolloutDecision.NOBODY), RolloutRows.place("canary"));
        assertTrue(refusal(() -> rollouts.promote(
                        RolloutRows.decision(begun, "promoted", "promote", "bob"), RolloutRows.place("promoted")))
                .contains("compared with another version"));
        assertEquals("3", rows.alias(first, "live"));
    }

    /** Whoever pulls the switch while somebody else promotes has their way. */
    @Test
    void whoStopsWhileItIsBeingPromotedUndoesThat() {
        ModelVersion first = rows.version("roll-undone", true);
        rows.live(first);
        StoredRollout begun = rows.begin(rows.version("roll-undone", true));
        rollouts.record(
                RolloutRows.decision(begun, "canary", "canary", RolloutDecision.NOBODY), RolloutRows.place("canary"));
        rollouts.promote(RolloutRows.decision(begun, "promoted", "promote", "bob"), RolloutRows.place("promoted"));
        rollouts.record(RolloutRows.decision(begun, "stopped", "stop", "ann"), RolloutRows.place("stopped"));
        assertEquals("1", rows.alias(first, "live"));
        assertEquals("stopped", rollouts.find(begun.id()).orElseThrow().phase());
        StoredRollout alone = rows.begin(rows.version("roll-undone-first", true));
        rollouts.record(
                RolloutRows.decision(alone, "canary", "canary", RolloutDecision.NOBODY), RolloutRows.place("canary"));
        rollouts.promote(RolloutRows.decision(alone, "promoted", "promote", "bob"), RolloutRows.place("promoted"));
        rollouts.record(RolloutRows.decision(alone, "stopped", "stop", "ann"), RolloutRows.place("stopped"));
        assertEquals(List.of(), rows.texts("""
                SELECT a.name FROM alias a JOIN use_case u ON u.id = a.use_case WHERE u.name = 'roll-undone-first' AND a.name = 'live'
                """), "there was none before");
    }

    @Test
    void whatIsDecidedIsKeptOnceAndWhatIsOverStaysOver() {
        StoredRollout begun = rows.begin(rows.version("roll-kept", true));
        RolloutDecision stop = RolloutRows.decision(begun, "stopped", "stop", "ann");
        rollouts.record(stop, RolloutRows.place("stopped"));
        rollouts.record(stop, RolloutRows.place("stopped"));
        rollouts.record(
                RolloutRows.decision(begun, "canary", "canary", RolloutDecision.NOBODY), RolloutRows.place("canary"));
        assertEquals("stopped", rollouts.find(begun.id()).orElseThrow().phase());
        assertEquals(3, rollouts.decisions(begun.id()).size());
        assertThrows(
                StoreException.class,
                () -> rows.change("UPDATE rollout_decision SET reason = 'other' WHERE id = ?", stop.id()));
        rollouts.record(
                new RolloutDecision(
                        Ids.next(),
                        Ids.next(),
                        Instant.now(),
                        "stopped",
                        0,
                        "stop",
                        "ann",
                        "of another database",
                        "{}"),
                RolloutRows.place("stopped"));
    }

    @Test
    void aVersionOnItsWayIsNotDeletedAndItsHistoryOutlivesIt() {
        ModelVersion version = rows.version("roll-deleted", true);
        StoredRollout begun = rows.begin(version);
        aliases.remove(new VersionReference.Aliased("roll-deleted", "candidate"), "ann");
        String delete = "DELETE FROM model_version WHERE id = ?";
        assertTrue(String.valueOf(assertThrows(StoreException.class, () -> rows.change(delete, version.id()))
                        .getMessage())
                .contains("being rolled out"));
        rollouts.record(RolloutRows.decision(begun, "stopped", "stop", "ann"), RolloutRows.place("stopped"));
        assertEquals(1, rows.change(delete, version.id()));
        assertEquals("roll-deleted/1", rollouts.find(begun.id()).orElseThrow().reference());
    }

    @Test
    void nothingToGoBackToIsSaid() {
        ModelVersion version = rows.version("roll-back", true);
        assertTrue(refusal(() -> back.goBack(version.useCaseId(), "ann")).contains("has no live version"));
        rows.live(version);
        assertTrue(refusal(() -> back.goBack(version.useCaseId(), "ann")).contains("has no previous version"));
        aliases.set(VersionReference.of(rows.version("roll-back", false).reference()), "previous", "ann");
        assertTrue(refusal(() -> back.goBack(version.useCaseId(), "ann")).contains("[roll-back/2] did not pass"));
    }

    @Test
    void whatWasKnownAtAMomentComesBack() {
        StoredRollout begun = rows.begin(rows.version("roll-looks", true));
        Instant now = Instant.parse("2026-05-01T10:00:00Z");
        rollouts.look(begun.id(), new Rollouts.Look(now, "{\"step\": 1}"));
        rollouts.look(begun.id(), new Rollouts.Look(now, "{\"step\": 2}"));
        assertEquals(List.of(new Rollouts.Look(now, "{\"step\": 1}")), rollouts.looks(begun.id()));
        rollouts.alarms(begun.id(), "[\"look\"]");
        assertEquals("[\"look\"]", rollouts.find(begun.id()).orElseThrow().alarms());
        assertEquals(begun.id(), rollouts.list(begun.useCaseId(), 5).getFirst().id());
    }
}
