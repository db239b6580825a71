package dev.hone.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.AuditEntry;
import dev.hone.record.Ids;
import dev.hone.record.LiveSwitch;
import dev.hone.record.ModelVersion;
import dev.hone.record.RolloutDecision;
import dev.hone.record.StoredRollout;
import dev.hone.record.VersionReference;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What opens the way to users, who takes it back, and what comes of two who decide at once: in a real database. */
final class StandingTest {
    private static final Database DATABASE = TestDatabase.database();

    private final Rollouts rollouts = new Rollouts(DATABASE);
    private final TakingBack back = new TakingBack(DATABASE);
    private final Aliases aliases = new Aliases(DATABASE);
    private final RolloutRows rows = new RolloutRows(DATABASE);

    private static String refusal(Executable executable) {
        return String.valueOf(
                assertThrows(IllegalArgumentException.class, executable).getMessage());
    }

    /** However it came to be live: who goes back has what had the calls before. */
    @Test
    void whatIsMadeLiveByHandHasAPreviousToo() {
        ModelVersion first = rows.version("roll-by-hand", true);
        rows.live(first);
        ModelVersion second = rows.version("roll-by-hand", true);
        aliases.set(VersionReference.of(first.reference()), "previous", "ann");
        rows.live(second);
        ModelVersion third = rows.version("roll-by-hand", true);
        rows.live(third);
        assertEquals("3 2", rows.alias(first, "live") + " " + rows.alias(first, "previous"));
        ModelVersion fourth = rows.version("roll-by-hand", true);
        rows.begin(fourth);
        assertTrue(refusal(() -> back.goBack(first.useCaseId(), "ann"))
                .contains("[roll-by-hand/4] is being rolled out (waiting)"));
        assertEquals("3", rows.alias(first, "live"));
        assertEquals(
                "roll-by-hand/4",
                back.end(first.useCaseId(), "stopped", "stop", "ann")
                        .orElseThrow()
                        .reference());
        assertEquals("", rows.alias(first, "candidate"));
        assertTrue(rollouts.goingOn(first.useCaseId()).isEmpty());
        assertTrue(back.end(first.useCaseId(), "stopped", "stop", "ann").isEmpty());
        assertEquals(
                List.of("rollout.begin", "rollout.stop"),
                rows.texts("SELECT action FROM audit WHERE subject = ? ORDER BY id", fourth.reference()));
        assertEquals(2, back.goBack(first.useCaseId(), "ann"));
    }

    /** Whoever moved the alias, and wherever: gates that have judged others are asked of this one, too. */
    @Test
    void whatIsServedSinceItIsLiveHasPassed() {
        ModelVersion first = rows.version("roll-served", null);
        Standing standing = new Standing(DATABASE);
        assertEquals(Optional.empty(), standing.objectionToServed(first), "nobody has gates here");
        ModelVersion second = rows.version("roll-served", false);
        assertEquals(Optional.of("did not pass its gates"), standing.objectionToServed(second));
        assertEquals(Optional.of("has not been judged by its gates"), standing.objectionToServed(first));
        assertTrue(standing.isJudged(first.useCaseId()));
        rows.verdict(second, true);
        assertEquals(Optional.empty(), standing.objectionToServed(second));
    }

    /** Calls have shown more than the gates saw: who was taken back does not become live by hand, until gates have judged it anew. */
    @Test
    void whatWasTakenBackIsNotMadeLiveByHand() {
        ModelVersion first = rows.version("roll-taken-back", true);
        rows.live(first);
        ModelVersion second = rows.version("roll-taken-back", true);
        rows.verdict(second, true);
        Standing standing = new Standing(DATABASE);
        assertEquals(Optional.empty(), standing.objection(second, null));
        rows.begin(second);
        back.end(first.useCaseId(), "stopped", "stop", "ann");
        assertEquals(Optional.empty(), standing.objection(second, null), "a person stopped it");
        rows.begin(second);
        back.end(first.useCaseId(), "rolled-back", "roll-back", "ann");
        assertTrue(
                standing.objection(second, null).orElseThrow().contains("was taken back by its rollout"),
                "what its calls showed stands against it");
        rows.begin(second);
        back.end(first.useCaseId(), "stopped", "stop", "ann");
        assertTrue(standing.objection(second, null).isPresent(), "also where a person stopped it once more");
        rows.verdict(second, true);
        assertEquals(Optional.empty(), standing.objection(second, null));
    }

    /** Who is asked whether the good one is good while a bad one is live knows no answer: that must not keep the bad one where it is. */
    @Test
    void whatHadTheCallsMayHaveThemAgainWhateverItIsComparedWith() {
        ModelVersion first = rows.version("roll-return", true);
        rows.live(first);
        ModelVersion second = rows.version("roll-return", true);
        rows.live(second);
        rows.verdict(first, false);
        Standing standing = new Standing(DATABASE);
        assertEquals(Optional.of("did not pass its gates"), standing.objection(first.id()), "it is said");
        assertEquals(Optional.empty(), standing.objectionToReturn(first.id()));
        assertEquals(1, back.goBack(first.useCaseId(), "ann"));
        assertTrue(standing.mayBeLive(first), "and calls follow");
        assertEquals(Optional.empty(), standing.objectionToServed(first));
        ModelVersion third = rows.version("roll-return", true);
        rows.verdict(third, false);
        aliases.set(VersionReference.of(third.reference()), "previous", "ann");
        assertTrue(
                refusal(() -> back.goBack(first.useCaseId(), "ann")).contains("[roll-return/3] did not pass its gates"),
                "it never had the calls");
    }

    @Test
    void whatNeverPassedIsNotGoneBackToButByForce() {
        ModelVersion first = rows.version("roll-never", false);
        rows.live(first);
        ModelVersion second = rows.version("roll-never", true);
        rows.live(second);
        Standing standing = new Standing(DATABASE);
        String refused = refusal(() -> back.goBack(first.useCaseId(), "ann"));
        assertTrue(refused.startsWith("[roll-never/1] did not pass its gates"), refused);
        assertTrue(refused.contains("hone models alias roll-never/1 live --force"), refused);
        assertTrue(refused.contains("hone canary stop roll-never --live"), refused);
        rows.live(first);
        assertFalse(standing.mayBeLive(first));
        rows.live(second);
        aliases.force(VersionReference.of(first.reference()), "live", "ann");
        assertTrue(standing.mayBeLive(first));
        assertEquals(Optional.empty(), standing.objectionToServed(first));
        assertEquals(Optional.of("did not pass its gates"), standing.objection(first.id()), "it is said all the same");
        assertEquals(
                List.of("roll-never/1 live"),
                rows.texts(
                        "SELECT subject || ' ' || (detail ->> 'alias') FROM audit WHERE action = 'alias.force' AND subject LIKE 'roll-never/%'"));
        rows.live(second);
        rows.live(first);
        assertFalse(standing.mayBeLive(first), "who moves it again must force it again");
        aliases.force(VersionReference.of(first.reference()), "live", "ann");
        assertTrue(standing.mayBeLive(first), "also where it points there already");
    }

    private static void sayForced(ModelVersion version, String alias, Instant at) {
        new AuditLog(DATABASE)
                .add(new AuditEntry(
                        Ids.next(),
                        at.truncatedTo(ChronoUnit.MICROS),
                        "ann",
                        new UseCases(DATABASE).projectOf(version.useCaseId()),
                        "alias.force",
                        version.reference(),
                        Map.of("alias", alias)));
    }

    /** What a Hone wrote that did not say by which move: of this version, this alias, and when it was moved. */
    @Test
    void whatWasForcedBeforeAnUpdateIsForcedAfterIt() {
        ModelVersion first = rows.version("roll-forced-before", false);
        ModelVersion second = rows.version("roll-forced-before", true);
        rows.live(second);
        rows.live(first);
        Standing standing = new Standing(DATABASE);
        sayForced(first, "live", Instant.now().minusSeconds(120));
        sayForced(first, "candidate", Instant.now());
        sayForced(second, "live", Instant.now());
        assertFalse(standing.mayBeLive(first), "of another time, alias and version");
        assertTrue(standing.objectionToServed(first).isPresent());
        sayForced(first, "live", Instant.now());
        assertTrue(standing.mayBeLive(first));
        assertEquals(Optional.empty(), standing.objectionToServed(first));
    }

    /** What its own calls have shown is no comparison that may be unknown. */
    @Test
    void whatWasTakenBackIsNotGoneBackTo() {
        ModelVersion first = rows.version("roll-was-bad", true);
        rows.live(first);
        ModelVersion second = rows.version("roll-was-bad", true);
        rows.begin(second);
        rows.verdict(second, true);
        back.end(first.useCaseId(), "rolled-back", "roll-back", "ann");
        aliases.force(VersionReference.of(second.reference()), "live", "ann");
        rows.live(first);
        assertEquals("2", rows.alias(first, "previous"));
        String taken = "[roll-was-bad/2] was taken back by its rollout since its gates let it pass";
        assertTrue(
                refusal(() -> back.goBack(first.useCaseId(), "ann")).startsWith(taken),
                "also where gates judged it while it was on its way");
        rows.verdict(second, false);
        assertTrue(refusal(() -> back.goBack(first.useCaseId(), "ann")).startsWith(taken));
        assertEquals("1", rows.alias(first, "live"));
        rows.verdict(second, true);
        assertEquals(2, back.goBack(first.useCaseId(), "ann"));
    }

    @Test
    void whatBecameLiveAfterItWasTakenBackIsGood() {
        ModelVersion first = rows.version("roll-again", true);
        rows.live(first);
        ModelVersion second = rows.version("roll-again", true);
        rows.begin(second);
        back.end(first.useCaseId(), "rolled-back", "back", "ann");
        Standing standing = new Standing(DATABASE);
        assertTrue(standing.objection(second.id()).orElseThrow().contains("was taken back"));
        StoredRollout again = rows.begin(second);
        rollouts.record(
                RolloutRows.decision(again, "canary", "canary", RolloutDecision.NOBODY), RolloutRows.place("canary"));
        rollouts.promote(RolloutRows.decision(again, "promoted", "promote", "bob"), RolloutRows.place("promoted"));
        assertEquals(Optional.empty(), standing.objection(second.id()));
        assertTrue(standing.mayBeLive(second));
    }

    @Test
    void whereNobodyHasGatesThePreviousOneComesBack() {
        ModelVersion first = rows.version("roll-no-gates", null);
        rows.live(first);
        ModelVersion second = rows.version("roll-no-gates", null);
        rows.live(second);
        assertEquals(1, back.goBack(first.useCaseId(), "ann"));
        Standing standing = new Standing(DATABASE);
        assertTrue(standing.mayBeLive(first), "gateways follow");
        ModelVersion third = rows.version("roll-no-gates", null);
        rows.live(third);
        assertFalse(standing.mayBeLive(third), "it never had the calls, and nobody forced it");
    }

    /** A pass is of weights, against the version that it would replace: another one opens no way to users. */
    @Test
    void aVerdictAgainstAnotherLiveVersionOpensNoWay() {
        ModelVersion first = rows.version("roll-bound", true);
        rows.live(first);
        ModelVersion second = rows.version("roll-bound", true);
        ModelVersion third = rows.version("roll-bound", true);
        rows.live(second);
        assertTrue(refusal(() -> rows.begin(third)).contains("against another version than the one that is live now"));
        rows.verdict(third, true);
        StoredRollout begun = rows.begin(third);
        rollouts.record(
                RolloutRows.decision(begun, "canary", "canary", RolloutDecision.NOBODY), RolloutRows.place("canary"));
        new GateVerdicts(DATABASE).add(third, null, true, "{}", null, first.id(), "ann");
        assertTrue(refusal(() -> rollouts.promote(
                        RolloutRows.decision(begun, "promoted", "promote", "bob"), RolloutRows.place("promoted")))
                .contains("against another version than the one that is live now"));
        rows.change(
                "INSERT INTO gate_verdict (id, use_case, number, version, passed, evidence, baseline, who) VALUES (?, ?, ?, ?, true, '{}', ?, 'old')",
                Ids.next(),
                third.useCaseId(),
                third.number(),
                third.id(),
                second.id());
        assertTrue(
                refusal(() -> rollouts.promote(
                                RolloutRows.decision(begun, "promoted", "promote", "bob"),
                                RolloutRows.place("promoted")))
                        .contains("must be judged again"),
                "one that does not say of which weights it is");
        assertEquals("2", rows.alias(first, "live"));
        Standing standing = new Standing(DATABASE);
        rows.verdict(third, true, "a".repeat(64));
        assertEquals(Optional.empty(), standing.objection(third.id(), second.id(), "a".repeat(64)));
        assertEquals(Optional.empty(), standing.objection(third.id(), second.id(), null));
        assertTrue(standing.objection(third.id(), second.id(), "b".repeat(64))
                .orElseThrow()
                .contains("other gates than its charter declares"));
    }

    /** What moves a candidate on does so from where it was decided on; a hold stays whoever is late. */
    @Test
    void ofTwoGatewaysTheOneThatIsLateMovesNothing() {
        StoredRollout begun = rows.begin(rows.version("roll-late", true));
        Instant since = begun.since();
        Rollouts.Origin waiting = new Rollouts.Origin("waiting", 0, since);
        Rollouts.Place canary = RolloutRows.place("canary");
        rollouts.record(RolloutRows.decision(begun, "canary", "canary", RolloutDecision.NOBODY), canary, waiting);
        assertEquals("canary", rollouts.find(begun.id()).orElseThrow().phase());
        rollouts.record(
                RolloutRows.decision(begun, "shadow", "shadow", RolloutDecision.NOBODY),
                RolloutRows.place("shadow"),
                waiting);
        assertEquals("canary", rollouts.find(begun.id()).orElseThrow().phase(), "it had moved meanwhile");
        Rollouts.Origin here = new Rollouts.Origin("canary", 0, canary.since());
        rollouts.record(
                RolloutRows.decision(begun, "waiting", "hold", "ann"),
                new Rollouts.Place("waiting", 0, true, since, "[]"),
                waiting);
        StoredRollout held = rollouts.find(begun.id()).orElseThrow();
        assertEquals("canary true", held.phase() + " " + held.held(), "a hold holds wherever it is by now");
        rollouts.record(
                RolloutRows.decision(begun, "ready", "ready", RolloutDecision.NOBODY),
                RolloutRows.place("ready"),
                here);
        held = rollouts.find(begun.id()).orElseThrow();
        assertEquals("canary true", held.phase() + " " + held.held(), "whoever did not know of it moves nothing");
        rollouts.record(
                RolloutRows.decision(begun, "canary", "resume", "ann"),
                new Rollouts.Place("canary", 0, false, canary.since(), "[]"),
                here);
        rollouts.record(
                RolloutRows.decision(begun, "ready", "ready", RolloutDecision.NOBODY),
                RolloutRows.place("ready"),
                here);
        assertEquals("ready", rollouts.find(begun.id()).orElseThrow().phase());
        rollouts.record(RolloutRows.decision(begun, "stopped", "stop", "ann"), RolloutRows.place("stopped"), waiting);
        assertEquals("stopped", rollouts.find(begun.id()).orElseThrow().phase(), "what takes calls away is never late");
        assertEquals(8, rollouts.decisions(begun.id()).size(), "and all is kept");
    }

    @Test
    void theLiveVersionsSwitchIsKeptWithWhoTurnedIt() {
        ModelVersion version = rows.version("roll-switch", true);
        LiveSwitches switches = new LiveSwitches(DATABASE);
        assertTrue(switches.last(version.useCaseId()).isEmpty());
        Instant at = Instant.parse("2026-05-01T10:00:00Z");
        LiveSwitch off = new LiveSwitch(Ids.next(), true, "ann", at);
        switches.add(version.useCaseId(), off);
        switches.add(version.useCaseId(), off);
        LiveSwitch before = new LiveSwitch(Ids.next(), false, "bob", at.minusSeconds(5));
        switches.add(version.useCaseId(), before);
        assertEquals(off, switches.last(version.useCaseId()).orElseThrow(), "by its time, whenever it comes");
        assertEquals(
                List.of("live.resume bob", "live.stop ann"),
                rows.texts(
                        "SELECT action || ' ' || who FROM audit WHERE subject = 'roll-switch' AND action LIKE 'live.%' ORDER BY at"));
        for (String change : List.of("UPDATE live_switch SET off = false", "DELETE FROM live_switch")) {
            assertThrows(StoreException.class, () -> rows.change(change));
        }
        assertThrows(StoreException.class, () -> rows.change("DELETE FROM rollout_decision"));
    }
}
