package dev.hone.promote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.Project;
import dev.hone.record.RolloutDecision;
import dev.hone.record.StoredRollout;
import dev.hone.record.VersionReference;
import dev.hone.store.Aliases;
import dev.hone.store.Rollouts;
import dev.hone.store.TakingBack;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people ask for reaches what is meant, or says so; and what is not served as it should be is said. */
final class RolloutSwitchTest {
    @TempDir
    Path home;

    private RolloutFixture fixture(String name) {
        return new RolloutFixture(name, home, true, RolloutFixture.promotion(RolloutControlTest.ANSWERED, 0, false));
    }

    @Test
    void aStopReachesWhatIsNotKnownHereYet() {
        RolloutFixture fixture = fixture("switch-unknown");
        fixture.turn();
        StoredRollout begun = fixture.begin();
        AskedFiles.Answer answer = fixture.ask(Command.STOP);
        assertTrue(answer.done() && answer.said().contains("is stopped when it is"), answer.said());
        fixture.open();
        fixture.turn();
        fixture.turn();
        assertEquals("stopped", fixture.rollouts.find(begun.id()).orElseThrow().phase());
        assertEquals(List.of("begin", "stop"), fixture.actions(begun), "users never had it");
        assertEquals("bob", fixture.rollouts.decisions(begun.id()).getLast().who());
        assertNull(fixture.route().canary());
    }

    @Test
    void whatIsBegunAfterAStopGoesItsWay() {
        RolloutFixture fixture = fixture("switch-after");
        fixture.now = Instant.now().minusSeconds(300);
        fixture.turn();
        assertTrue(fixture.ask(Command.STOP).done());
        fixture.now = Instant.now().plusSeconds(60);
        fixture.begin();
        fixture.until("canary");
        assertEquals(0.1, fixture.control.share(fixture.name));
    }

    @Test
    void whoMeansWhatIsOverIsToldWhatIsSo() {
        RolloutFixture fixture = fixture("switch-over");
        StoredRollout first = fixture.begin();
        fixture.until("canary");
        assertTrue(fixture.ask(Command.PROMOTE).done());
        AskedFiles.Answer late = fixture.ask(Command.STOP, first.id(), null);
        assertFalse(late.done());
        assertTrue(late.said().contains("[switch-over/2] is live already: hone canary back"), late.said());
        assertEquals(2, fixture.live().number());
        // What was stopped before a moment does not touch what begins after it; the clock of the test is ahead.
        fixture.now = Instant.now().minusSeconds(600);
        fixture.ask(Command.STOP);
        fixture.now = Instant.now().plusSeconds(120);
        var third = fixture.rows.version("switch-over", true);
        StoredRollout begun = fixture.rollouts.begin(third.useCaseId(), third.id(), "ann");
        for (int i = 0; i < 6 && fixture.control.phase(fixture.name) != 3; i++) {
            fixture.turn();
        }
        assertEquals(3, fixture.control.phase(fixture.name), fixture.notices.toString());
        AskedFiles.Answer back = fixture.ask(Command.BACK, first.id(), null);
        assertFalse(back.done());
        assertTrue(back.said().contains("[switch-over/3] is being rolled out, and not what was meant"), back.said());
        assertFalse(fixture.ask(Command.HOLD, first.id(), null).done());
        AskedFiles.Answer stop = fixture.ask(Command.STOP, first.id(), null);
        assertTrue(stop.done() && stop.said().contains("had begun after what was meant"), stop.said());
        assertEquals("stopped", fixture.phase());
        fixture.turn();
        assertEquals("stopped", fixture.rollouts.find(begun.id()).orElseThrow().phase());
    }

    @Test
    void anotherProjectsUseCaseOfTheNameIsNotTouched() {
        RolloutFixture fixture = fixture("switch-project");
        fixture.begin();
        fixture.until("canary");
        for (Command command : Command.values()) {
            AskedFiles.Answer answer = fixture.ask(command, null, "another");
            assertFalse(answer.done(), command.word());
            assertTrue(answer.said().contains("for the project [default]"), answer.said());
        }
        assertEquals("canary", fixture.phase());
        assertTrue(fixture.ask(Command.STOP_ALL, null, Project.DEFAULT).done());
        AskedFiles.Answer resumed = fixture.ask(Command.RESUME, UUID.randomUUID(), Project.DEFAULT);
        assertFalse(resumed.done(), "who means a rollout does not mean the live version");
        assertEquals("big", fixture.route().choose("e").name());
    }

    /** All gateways follow it, and it is known who did it. */
    @Test
    void theLiveVersionIsStoppedAndResumedForAllGateways() throws Exception {
        RolloutFixture fixture = fixture("switch-all");
        Path elsewhere = home.resolve("elsewhere");
        RolloutControl two = fixture.another(elsewhere);
        fixture.turn();
        two.tick();
        assertTrue(fixture.ask(Command.STOP_ALL).done());
        two.tick();
        assertFalse(two.state(fixture.name).halted(), "the database does not have it yet");
        fixture.turn();
        two.tick();
        two.look();
        assertTrue(two.state(fixture.name).halted());
        assertTrue(two.alarms(fixture.name).getFirst().contains("since [bob] took them away"));
        assertTrue(fixture.control.alarms(fixture.name).getFirst().contains("hone canary resume switch-all"));
        fixture.now = fixture.now.plusSeconds(5);
        AskedFiles files = new AskedFiles(elsewhere);
        UUID id = files.ask(fixture.name, Command.RESUME, "cy", null);
        two.look();
        assertTrue(files.answer(id).orElseThrow().done());
        two.tick();
        fixture.turn();
        assertEquals("live", fixture.route().choose("e").name());
        assertEquals(List.of(), fixture.control.alarms(fixture.name));
        assertEquals(
                List.of("live.stop bob", "live.resume cy"),
                fixture.rows.texts(
                        "SELECT action || ' ' || who FROM audit WHERE subject = ? AND action LIKE 'live.%' ORDER BY at",
                        fixture.name));
    }

    @Test
    void whoAskedBeforeAStopDoesNotUndoIt() throws Exception {
        RolloutFixture fixture = fixture("switch-order");
        fixture.turn();
        assertTrue(fixture.ask(Command.STOP_ALL).done());
        AskedFiles files = new AskedFiles(home);
        UUID resume = files.ask(fixture.name, Command.RESUME, "ann", null);
        Thread.sleep(5);
        UUID stop = files.ask(fixture.name, Command.STOP_ALL, "bob", null);
        fixture.control.look();
        assertTrue(files.answer(stop).orElseThrow().done());
        assertFalse(files.answer(resume).orElseThrow().done());
        assertEquals("big", fixture.route().choose("e").name());
    }

    @Test
    void aHoldHoldsWhereTheDiskTakesNothingAndAResumeSaysSo() throws Exception {
        RolloutFixture fixture = fixture("switch-disk");
        fixture.begin();
        fixture.until("canary");
        Path file = home.resolve("rollouts/switch-disk.json");
        Files.delete(file);
        Files.createDirectories(file.resolve("in-the-way"));
        AskedFiles.Answer hold = fixture.ask(Command.HOLD);
        assertTrue(hold.done(), hold.said());
        assertTrue(fixture.control.state(fixture.name).rollout().held());
        AskedFiles.Answer resume = fixture.ask(Command.RESUME);
        assertFalse(resume.done());
        assertTrue(resume.said().contains("cannot be written down"), resume.said());
        assertTrue(fixture.control.state(fixture.name).rollout().held());
        AskedFiles.Answer stop = fixture.ask(Command.STOP_ALL);
        assertTrue(stop.done() && stop.said().contains("as long as hone serve runs"), stop.said());
        assertEquals("big", fixture.route().choose("e").name());
        assertFalse(fixture.ask(Command.RESUME).done());
        assertEquals("big", fixture.route().choose("e").name());
    }

    /** Calls fall back and are answered, so that nobody else would notice. */
    @Test
    void aLiveVersionThatIsNotServedIsAnAlarm() throws Exception {
        RolloutFixture fixture = fixture("switch-served");
        fixture.turn();
        String live = fixture.first.reference();
        fixture.servers.put(live, new VersionServers.State.Fails("its files are gone", 1));
        fixture.turn();
        assertEquals("big", fixture.route().choose("e").name());
        assertTrue(fixture.control.alarms(fixture.name).getFirst().contains("is live and cannot be opened"));
        assertTrue(
                new AlarmFiles(home).read(fixture.name).get(AlarmFiles.SERVING).contains("its files are gone"));
        fixture.servers.put(live, new VersionServers.State.Answers(URI.create("http://127.0.0.1:9/1")));
        fixture.turn();
        assertEquals(List.of(), fixture.control.alarms(fixture.name));
        fixture.keptAway.add("live");
        fixture.turn();
        assertTrue(fixture.control.alarms(fixture.name).getFirst().contains("calls are kept away from it"));
        fixture.keptAway.clear();
        fixture.turn();
        assertTrue(new AlarmFiles(home).read(fixture.name).isEmpty());
    }

    @Test
    void aLiveVersionThatDoesNotPassAnyMoreKeepsItsCallsAndIsAnAlarm() {
        RolloutFixture fixture = fixture("switch-withdrawn");
        fixture.turn();
        fixture.rows.verdict(fixture.first, false);
        fixture.turn();
        assertEquals("live", fixture.route().choose("e").name());
        assertTrue(fixture.control
                .alarms(fixture.name)
                .getFirst()
                .contains("[switch-withdrawn/1] is live and did not pass its gates: it keeps its calls"));
        fixture.rows.verdict(fixture.first, true);
        fixture.turn();
        assertEquals(List.of(), fixture.control.alarms(fixture.name));
    }

    /** The emergency exit leads somewhere: also after somebody has asked gates that cannot know the answer. */
    @Test
    void callsGoBackToWhatHadThemWhateverItIsComparedWithSince() {
        RolloutFixture fixture = fixture("switch-return");
        fixture.turn();
        fixture.alias(fixture.second, Rollouts.LIVE);
        fixture.turn();
        assertEquals(2, fixture.live().number());
        fixture.rows.verdict(fixture.first, false);
        new TakingBack(RolloutFixture.DATABASE).goBack(fixture.first.useCaseId(), "ann");
        fixture.turn();
        fixture.turn();
        assertEquals(1, fixture.live().number());
        assertTrue(
                fixture.control
                        .alarms(fixture.name)
                        .getFirst()
                        .contains("[switch-return/1] is live and did not pass its gates: it keeps its calls"),
                "it is said");
    }

    @Test
    void callsFollowWhatSomebodyForces() {
        RolloutFixture fixture = fixture("switch-forced");
        fixture.turn();
        fixture.rows.verdict(fixture.second, false);
        fixture.alias(fixture.second, Rollouts.LIVE);
        fixture.turn();
        assertEquals(1, fixture.live().number());
        String alarm = fixture.control.alarms(fixture.name).getFirst();
        assertTrue(alarm.contains("it gets no calls") && alarm.contains("switch-forced/2 live --force"), alarm);
        new Aliases(RolloutFixture.DATABASE)
                .force(VersionReference.of(fixture.second.reference()), Rollouts.LIVE, "ann");
        fixture.turn();
        assertEquals(2, fixture.live().number());
        alarm = fixture.control.alarms(fixture.name).getFirst();
        assertTrue(alarm.contains("[switch-forced/2] is live and did not pass its gates"), alarm);
    }

    /** Whoever begins everybody's turns tells what is left to tell, and waits for no turn of what is gone. */
    @Test
    void theLastTurnOfWhatIsGoneKeepsNobodyWaiting() throws Exception {
        RolloutFixture fixture = fixture("switch-leaving");
        StoredRollout begun = fixture.begin();
        fixture.until("canary");
        Thread last = Thread.ofVirtual().unstarted(fixture.control::tick);
        Thread others = Thread.ofVirtual().unstarted(fixture.control::tick);
        fixture.rows.whileLocked(fixture.first.useCaseId(), () -> {
            last.start();
            waitForLock(fixture);
            fixture.control.plans(List.of(), () -> {});
            others.start();
            try {
                others.join(Duration.ofSeconds(15));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            assertFalse(others.isAlive(), "it waits for what is gone");
            assertTrue(last.isAlive());
        });
        last.join();
        fixture.control.tick();
        assertEquals(
                "rolled-back", fixture.rollouts.find(begun.id()).orElseThrow().phase());
    }

    /** Whoever waits for a row is the one that locks the place where it stands; others have their locks in the same database. */
    private static void waitForLock(RolloutFixture fixture) {
        for (int i = 0; i < 1_000; i++) {
            if (!fixture.rows.texts("""
                            SELECT l.pid::text
                              FROM pg_locks l JOIN use_case u ON u.ctid = format('(%s,%s)', l.page, l.tuple)::tid
                             WHERE l.locktype = 'tuple' AND l.relation = 'use_case'::regclass AND u.id = ?
                            """, fixture.first.useCaseId()).isEmpty()) {
                return;
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        throw new AssertionError("nobody waits");
    }

    @Test
    void whatNoCharterBringsAnyMoreIsOver() {
        RolloutFixture fixture = fixture("switch-dropped");
        StoredRollout begun = fixture.begin();
        fixture.until("canary");
        fixture.turn();
        fixture.control.plans(List.of(), () -> {});
        fixture.control.tick();
        assertEquals(
                "rolled-back", fixture.rollouts.find(begun.id()).orElseThrow().phase());
        RolloutDecision last = fixture.rollouts.decisions(begun.id()).getLast();
        assertTrue(last.reason().contains("has no [promote] any more"), last.reason());
    }

    @Test
    void aCandidateThatPassedOtherGatesGoesBack() {
        RolloutFixture fixture = fixture("switch-gates");
        String gates = "a".repeat(64);
        fixture.plan =
                new UseCasePlan(fixture.plan.serving(), fixture.plan.promotion(), fixture.plan.good(), "EUR", gates);
        fixture.control.plans(List.of(fixture.plan), () -> {});
        fixture.rows.verdict(fixture.second, true, gates);
        StoredRollout begun = fixture.begin();
        fixture.until("canary");
        fixture.turn();
        assertEquals("canary", fixture.phase());
        fixture.rows.verdict(fixture.second, true, "b".repeat(64));
        fixture.turn();
        assertEquals("rolled-back", fixture.phase());
        fixture.turn();
        assertTrue(fixture.rollouts
                .decisions(begun.id())
                .getLast()
                .reason()
                .contains("passed other gates than its charter declares now"));
        StoredRollout never = fixture.begin();
        fixture.turn();
        fixture.turn();
        assertEquals(List.of("begin", "withdraw"), fixture.actions(never), "and gets nothing to begin with");
    }

    /** However slowly the database answers. */
    @Test
    void theNextLookIsNeverFarAway() {
        Duration tick = Duration.ofSeconds(3);
        assertEquals(tick, Turns.rest(tick, Duration.ofMillis(100)));
        assertEquals(Duration.ofSeconds(18), Turns.rest(tick, Duration.ofSeconds(2)));
        assertEquals(Duration.ofSeconds(60), Turns.rest(tick, Duration.ofSeconds(60)));
        assertNotNull(RolloutControl.TICK);
    }
}
