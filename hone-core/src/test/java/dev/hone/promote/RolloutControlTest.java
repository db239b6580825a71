package dev.hone.promote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.RolloutDecision;
import dev.hone.record.StoredRollout;
import dev.hone.record.VersionReference;
import dev.hone.store.Aliases;
import dev.hone.store.Rollouts;
import dev.hone.store.StoreException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rollouts over the real database. */
final class RolloutControlTest {
    static final List<Measure> ANSWERED = List.of(Measure.ANSWERED);

    @TempDir
    Path home;

    private RolloutFixture fixture(String name, long copies, boolean automatic) {
        return new RolloutFixture(name, home, true, RolloutFixture.promotion(ANSWERED, copies, automatic));
    }

    /** To the end, whatever it takes, of a candidate that does as well. */
    static void good(RolloutFixture fixture) {
        for (int i = 0;
                i < 12
                        && !fixture.phase().equals("promoted")
                        && !fixture.phase().equals("ready");
                i++) {
            fixture.turn();
            if (fixture.phase().equals("shadow")) {
                fixture.copies(30, 30);
            } else {
                fixture.calls(80, 80, 80, 80);
            }
            fixture.turn();
        }
    }

    @Test
    void oneThatDoesAsWellIsPromotedByItselfWhereTheCharterSaysSo() {
        RolloutFixture fixture = fixture("control-good", 20, true);
        fixture.turn();
        assertEquals(1, fixture.live().number());
        assertEquals("live", fixture.route().choose("e").name());
        StoredRollout begun = fixture.begin();
        fixture.until("shadow");
        assertEquals(List.of("candidate"), fixture.route().shadows());
        assertEquals(0, fixture.control.share(fixture.name));
        good(fixture);
        assertEquals("promoted", fixture.phase());
        assertEquals(2, fixture.live().number());
        assertEquals(
                "2 1", fixture.rows.alias(fixture.first, "live") + " " + fixture.rows.alias(fixture.first, "previous"));
        assertEquals(List.of("begin", "shadow", "canary", "canary", "promote"), moves(fixture, begun));
        assertEquals("control-good/2", fixture.route().variant("live").model());
        assertNull(fixture.route().canary());
        assertEquals("[control-good/2]", fixture.opened.toString(), "the one before is closed");
        RolloutDecision last = fixture.rollouts.decisions(begun.id()).getLast();
        assertEquals(RolloutDecision.NOBODY, last.who());
        Evidence evidence = Evidence.of(last.evidence());
        assertEquals(2, evidence.measures().getFirst().splits().size(), "a split for each share");
        assertTrue(evidence.measures().getFirst().difference().low() > -0.2, last.evidence());
        assertFalse(fixture.rollouts.looks(begun.id()).isEmpty());
    }

    /** What was done, without what was waited for. */
    static List<String> moves(RolloutFixture fixture, StoredRollout rollout) {
        return fixture.actions(rollout).stream()
                .filter(action -> !action.equals("hold"))
                .toList();
    }

    @Test
    void elseAPersonDecides() {
        RolloutFixture fixture = fixture("control-ready", 0, false);
        StoredRollout begun = fixture.begin();
        good(fixture);
        assertEquals("ready", fixture.phase());
        assertEquals(0.5, fixture.control.share(fixture.name));
        assertEquals(4, fixture.control.phase(fixture.name));
        good(fixture);
        assertEquals("1", fixture.rows.alias(fixture.first, "live"), "nothing becomes live by itself");
        AskedFiles.Answer answer = fixture.ask(Command.PROMOTE);
        assertTrue(answer.done(), answer.said());
        assertEquals("2", fixture.rows.alias(fixture.first, "live"));
        assertEquals(2, fixture.live().number());
        assertEquals(
                List.of("rollout.begin", "rollout.promote"),
                fixture.rows.texts(
                        "SELECT action FROM audit WHERE subject = ? ORDER BY id", fixture.second.reference()));
        assertEquals("bob", fixture.rollouts.decisions(begun.id()).getLast().who());
    }

    @Test
    void oneThatIsWorseGoesBack() {
        RolloutFixture fixture = fixture("control-bad", 0, true);
        StoredRollout begun = fixture.begin();
        fixture.until("canary");
        for (int i = 0; i < 10 && fixture.phase().equals("canary"); i++) {
            fixture.calls(15, 6, 40, 39);
            fixture.turn();
        }
        assertEquals("rolled-back", fixture.phase());
        assertEquals("live", fixture.route().choose("e").name());
        assertNull(fixture.route().canary());
        assertEquals(
                "1 ", fixture.rows.alias(fixture.first, "live") + " " + fixture.rows.alias(fixture.first, "candidate"));
        RolloutDecision last = fixture.rollouts.decisions(begun.id()).getLast();
        assertEquals("roll-back", last.action());
        assertTrue(last.reason().startsWith("by answered it is worse: -0."), last.reason());
        assertTrue(
                Evidence.of(last.evidence()).measures().getFirst().difference().high() < 0);
        assertTrue(fixture.decided.contains("roll-back"));
    }

    @Test
    void oneWhoseCopiesFailNeverGetsUsers() {
        RolloutFixture fixture = fixture("control-shadow", 40, true);
        StoredRollout begun = fixture.begin();
        fixture.until("shadow");
        for (int i = 0; i < 10 && fixture.phase().equals("shadow"); i++) {
            fixture.copies(12, 3);
            fixture.turn();
        }
        assertEquals("rolled-back", fixture.phase());
        assertEquals(List.of("begin", "shadow", "roll-back"), moves(fixture, begun));
    }

    /** Feedback comes when it comes, and counts where its call began. */
    @Test
    void whatComesLateCounts() {
        RolloutFixture fixture = new RolloutFixture(
                "control-late", home, true, RolloutFixture.promotion(List.of(Measure.FEEDBACK), 0, true));
        StoredRollout begun = fixture.begin();
        fixture.until("canary");
        List<UUID> calls = fixture.calls(25, 25, 25, 25);
        fixture.turn();
        fixture.turn();
        assertEquals(List.of("begin", "canary", "hold"), fixture.actions(begun), "held once, and for one reason");
        fixture.now = fixture.now.plus(Duration.ofHours(5));
        fixture.solved(calls);
        fixture.turn();
        assertEquals(0.5, fixture.control.share(fixture.name));
        Evidence evidence =
                Evidence.of(fixture.rollouts.decisions(begun.id()).getLast().evidence());
        assertEquals(25, evidence.measures().getFirst().candidate().count());
    }

    /** Graders judge both sides: where they need no reference, all answers; else those of which an expert says what is right. */
    @Test
    void gradersJudgeBothSides() {
        RolloutFixture fixture = new RolloutFixture(
                "control-graded", home, true, RolloutFixture.promotion(List.of(Measure.QUALITY), 10, false));
        StoredRollout begun = fixture.begin();
        fixture.until("shadow");
        fixture.copies(15, 15);
        fixture.turn();
        assertEquals("canary", fixture.phase());
        fixture.calls(22, 21, 25, 25);
        fixture.turn();
        Evidence.Known known = Evidence.of(
                        fixture.rollouts.decisions(begun.id()).getLast().evidence())
                .measures()
                .getFirst();
        assertEquals(Measure.QUALITY, known.measure());
        assertEquals(new Tally(21, 21), known.candidate(), "what was not answered is not graded");
        assertEquals(new Tally(25, 25), known.others());
        assertEquals(0.5, fixture.control.share(fixture.name));
    }

    @Test
    void whatIsSilentIsAnAlarmAndMovesNothing() {
        RolloutFixture fixture = new RolloutFixture(
                "control-silent",
                home,
                true,
                RolloutFixture.promotion(List.of(Measure.ANSWERED, Measure.FEEDBACK), 0, true));
        StoredRollout begun = fixture.begin();
        fixture.until("canary");
        fixture.turn();
        assertEquals(List.of(), fixture.control.alarms(fixture.name));
        for (int i = 0; i < 4; i++) {
            fixture.now = fixture.now.plus(Duration.ofMinutes(4));
            fixture.calls(30, 30, 30, 30);
            fixture.turn();
        }
        assertEquals(1, fixture.control.alarms(fixture.name).size(), "of the one that brings something, nothing");
        assertTrue(fixture.control
                .alarms(fixture.name)
                .getFirst()
                .startsWith("[feedback] of [control-silent/2] has brought nothing for 10 min"));
        assertTrue(fixture.rollouts.find(begun.id()).orElseThrow().alarms().contains("[feedback]"));
        assertEquals("canary 0.1", fixture.phase() + " " + fixture.control.share(fixture.name));
        fixture.solved(fixture.calls(30, 30, 30, 30));
        fixture.turn();
        assertEquals(List.of(), fixture.control.alarms(fixture.name));
        assertEquals("[]", fixture.rollouts.find(begun.id()).orElseThrow().alarms());
    }

    @Test
    void whatIsHeldStaysAndMayStillGoBack() {
        RolloutFixture fixture = fixture("control-held", 0, true);
        StoredRollout begun = fixture.begin();
        fixture.until("canary");
        assertTrue(fixture.ask(Command.HOLD).done());
        good(fixture);
        assertEquals("canary 0.1", fixture.phase() + " " + fixture.control.share(fixture.name));
        assertTrue(fixture.rollouts.find(begun.id()).orElseThrow().held());
        assertFalse(fixture.ask(Command.HOLD).done());
        assertTrue(fixture.ask(Command.RESUME).done());
        fixture.turn();
        assertEquals(0.5, fixture.control.share(fixture.name));
        assertTrue(fixture.ask(Command.BACK).done());
        assertEquals("rolled-back", fixture.phase());
        assertFalse(fixture.ask(Command.BACK).done(), "there is nothing left to take back");
    }

    @Test
    void oneThatFailsOrIsSilentGoesBackAtOnce() {
        RolloutFixture fixture = fixture("control-fails", 0, true);
        StoredRollout begun = fixture.begin();
        fixture.until("canary");
        fixture.keptAway.add("candidate");
        fixture.control.look();
        assertEquals("rolled-back", fixture.phase());
        assertNull(fixture.route().canary());
        fixture.turn();
        assertTrue(fixture.rollouts.decisions(begun.id()).getLast().reason().contains("keeps calls away from it"));
    }

    @Test
    void oneThatCannotBeOpenedGetsNothing() {
        RolloutFixture fixture = fixture("control-closed", 0, true);
        String own = fixture.second.reference();
        fixture.servers.put(own, new VersionServers.State.Fails("its files are changed", 1));
        fixture.begin();
        fixture.turn();
        fixture.turn();
        assertEquals("waiting", fixture.phase());
        assertEquals("live", fixture.route().choose("e").name());
        assertTrue(fixture.control.alarms(fixture.name).getFirst().contains("its files are changed"));
        fixture.servers.put(own, new VersionServers.State.Opening());
        fixture.turn();
        assertEquals("waiting", fixture.phase());
        fixture.servers.put(own, new VersionServers.State.Fails("its files are changed", 3));
        fixture.turn();
        assertEquals("rolled-back", fixture.phase());
        assertTrue(fixture.opened.contains(fixture.first.reference()) && !fixture.opened.contains(own));
    }

    @Test
    void whatDidNotPassHasNoTrafficWhoeverPointsAtIt() {
        RolloutFixture fixture = fixture("control-gates", 0, true);
        fixture.turn();
        fixture.rows.verdict(fixture.second, false);
        fixture.alias(fixture.second, Rollouts.LIVE);
        fixture.turn();
        assertEquals(1, fixture.live().number(), "calls stay where they are");
        assertTrue(fixture.control
                .alarms(fixture.name)
                .getFirst()
                .contains("[control-gates/2], which did not pass its gates"));
        fixture.rows.verdict(fixture.second, true);
        fixture.turn();
        assertEquals(2, fixture.live().number());
        new Aliases(RolloutFixture.DATABASE)
                .remove((VersionReference.Aliased) VersionReference.of("control-gates@live"), "ann");
        fixture.rows.change("DELETE FROM model_version WHERE id = ?", fixture.second.id());
        fixture.turn();
        assertNull(fixture.live(), "of a version that was deleted nothing is served");
        assertEquals("big", fixture.route().choose("e").name());
    }

    @Test
    void oneThatDoesNotPassAnyMoreGoesBackAndSoDoesOneWhoseBaselineIsNotLive() {
        RolloutFixture fixture = fixture("control-unfit", 0, true);
        fixture.begin();
        fixture.until("canary");
        fixture.rows.verdict(fixture.second, false);
        fixture.turn();
        assertEquals("rolled-back", fixture.phase());
        fixture.rows.verdict(fixture.second, true);
        StoredRollout again = fixture.begin();
        fixture.until("canary");
        fixture.alias(fixture.rows.version("control-unfit", true), Rollouts.LIVE);
        fixture.turn();
        assertEquals("rolled-back", fixture.phase());
        fixture.turn();
        assertTrue(fixture.rollouts.decisions(again.id()).getLast().reason().contains("another version is live"));
        assertEquals(3, fixture.live().number());
    }

    /** While an alias points at a version it is not deleted; once it is gone nobody can point there, and its calls are those whom the charter names. */
    @Test
    void aLiveVersionThatIsDeletedLeavesItsCallsToOthers() {
        RolloutFixture fixture = fixture("control-deleted", 0, true);
        fixture.turn();
        fixture.turn();
        assertEquals("live", fixture.route().choose("e").name());
        String delete = "DELETE FROM model_version WHERE id = ?";
        assertThrows(StoreException.class, () -> fixture.rows.change(delete, fixture.first.id()));
        new Aliases(RolloutFixture.DATABASE).remove(new VersionReference.Aliased(fixture.name, Rollouts.LIVE), "ann");
        assertEquals(1, fixture.rows.change(delete, fixture.first.id()));
        fixture.turn();
        fixture.turn();
        assertNull(fixture.live());
        assertEquals("big", fixture.route().choose("e").name());
        String told = String.valueOf(
                assertThrows(IllegalArgumentException.class, () -> fixture.alias(fixture.first, Rollouts.LIVE))
                        .getMessage());
        assertTrue(told.contains("[control-deleted/1]"), told);
        // Its verdict was against what is gone.
        assertThrows(IllegalArgumentException.class, fixture::begin);
        fixture.rows.verdict(fixture.second, true);
        StoredRollout begun = fixture.begin();
        fixture.until("canary");
        assertNull(begun.baseline(), "compared with those whom the charter names");
        fixture.open();
        assertEquals("canary", fixture.phase());
        assertNull(fixture.live());
    }

    @Test
    void aClockThatGoesBackMovesNothing() {
        RolloutFixture fixture = fixture("control-clock", 0, true);
        fixture.begin();
        fixture.until("canary");
        fixture.calls(30, 30, 30, 30);
        fixture.now = fixture.now.minus(Duration.ofHours(2));
        fixture.turn();
        assertEquals("canary 0.1", fixture.phase() + " " + fixture.control.share(fixture.name));
        assertTrue(fixture.control.alarms(fixture.name).getFirst().contains("the clock says"));
        assertTrue(fixture.ask(Command.HOLD).done(), "people are heard");
        assertTrue(fixture.ask(Command.RESUME).done());
        fixture.now = fixture.now.plus(Duration.ofHours(2));
        fixture.turn();
        assertEquals(0.5, fixture.control.share(fixture.name));
        assertEquals(List.of(), fixture.control.alarms(fixture.name));
        Rollout rollout = fixture.control.state(fixture.name).rollout();
        assertFalse(rollout.stages()
                .getLast()
                .from()
                .isBefore(rollout.stages().getFirst().to()));
    }
}
