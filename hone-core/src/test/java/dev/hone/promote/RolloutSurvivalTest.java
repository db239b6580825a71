package dev.hone.promote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.Ids;
import dev.hone.record.RolloutDecision;
import dev.hone.record.StoredRollout;
import dev.hone.store.Rollouts;
import dev.hone.store.Standing;
import dev.hone.store.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rollouts where processes are killed, the database or the disk is away, or another gateway decides. */
final class RolloutSurvivalTest {
    @TempDir
    Path home;

    private RolloutFixture fixture(String name, long copies, boolean automatic) {
        return new RolloutFixture(
                name, home, true, RolloutFixture.promotion(RolloutControlTest.ANSWERED, copies, automatic));
    }

    @Test
    void theSwitchWorksWhileTheDatabaseIsAway() {
        RolloutFixture fixture = fixture("control-away", 0, true);
        StoredRollout begun = fixture.begin();
        fixture.until("canary");
        fixture.database = TestDatabase.away();
        fixture.turn();
        assertEquals("canary", fixture.phase(), "traffic stays where it is");
        assertTrue(fixture.control.alarms(fixture.name).getFirst().contains("the database does not answer"));
        assertFalse(fixture.ask(Command.PROMOTE).done(), "what becomes live is written there first");
        assertEquals("canary", fixture.phase());
        AskedFiles.Answer answer = fixture.ask(Command.STOP);
        assertTrue(answer.done(), answer.said());
        assertNull(fixture.route().canary());
        assertEquals("stopped", fixture.phase());
        fixture.open();
        assertNull(fixture.route().canary(), "also after a new start without it");
        assertEquals("live", fixture.route().choose("e").name(), "what is live is known without it");
        assertEquals("canary", fixture.rollouts.find(begun.id()).orElseThrow().phase());
        fixture.database = RolloutFixture.DATABASE;
        fixture.turn();
        assertEquals("stopped", fixture.rollouts.find(begun.id()).orElseThrow().phase());
        assertEquals(
                "stop bob",
                fixture.actions(begun).getLast() + " "
                        + fixture.rollouts.decisions(begun.id()).getLast().who());
        fixture.turn();
        assertEquals(List.of(), fixture.control.alarms(fixture.name));
        assertEquals(1, fixture.actions(begun).stream().filter("stop"::equals).count());
    }

    @Test
    void whatIsLiveIsStoppedToo() {
        RolloutFixture fixture = fixture("control-halt", 0, true);
        fixture.begin();
        fixture.until("canary");
        fixture.database = TestDatabase.away();
        assertTrue(fixture.ask(Command.STOP_ALL).done());
        assertEquals("big", fixture.route().choose("e").name());
        fixture.open();
        assertEquals("big", fixture.route().choose("e").name());
        fixture.database = RolloutFixture.DATABASE;
        fixture.turn();
        assertEquals("big", fixture.route().choose("e").name(), "until somebody says otherwise");
        assertTrue(fixture.ask(Command.RESUME).done());
        assertEquals("live", fixture.route().choose("e").name());
        assertEquals("stopped", fixture.phase());
    }

    /** Two gateways over one database: one moves, the other follows; a switch pulled at either is pulled at both. */
    @Test
    void gatewaysFollowEachOther() {
        RolloutFixture fixture = fixture("control-two", 0, false);
        RolloutControl one = fixture.control;
        RolloutControl two = fixture.another(home.resolve("other"));
        fixture.begin();
        fixture.until("canary");
        two.tick();
        assertEquals(0.1, two.share(fixture.name));
        fixture.calls(30, 30, 30, 30);
        fixture.turn();
        two.tick();
        assertEquals("0.5 0.5", one.share(fixture.name) + " " + two.share(fixture.name));
        fixture.ask(Command.STOP);
        fixture.turn();
        two.tick();
        assertEquals("0.0 0.0", one.share(fixture.name) + " " + two.share(fixture.name));
    }

    /** Whenever the process is killed, calls follow what was decided last, and in the end all is as if it had lived on. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19})
    void whoeverIsKilledGoesOn(int point) {
        RolloutFixture fixture = fixture("control-kill-" + point, 20, true);
        fixture.alias(fixture.first, Rollouts.PREVIOUS);
        StoredRollout begun = fixture.begin();
        int at = 0;
        for (int i = 0; i < 12 && (at <= 19 || !fixture.phase().equals("promoted")); i++) {
            for (Runnable step : List.<Runnable>of(
                    fixture.control::look,
                    () -> fixture.control.tick(),
                    () -> {
                        if (fixture.phase().equals("shadow")) {
                            fixture.copies(30, 30);
                        } else if (fixture.phase().equals("canary")) {
                            fixture.calls(80, 80, 80, 80);
                        }
                    },
                    () -> fixture.control.tick())) {
                fixture.now = fixture.now.plusSeconds(1);
                step.run();
                if (at++ == point) {
                    String phase = fixture.phase();
                    double share = fixture.control.share(fixture.name);
                    fixture.open();
                    assertEquals(phase + " " + share, fixture.phase() + " " + fixture.control.share(fixture.name));
                    boolean canary = fixture.route().canary() != null
                            && fixture.route().canary().share() > 0;
                    assertEquals(share > 0, canary);
                }
            }
        }
        assertEquals("promoted", fixture.phase());
        assertEquals(
                "2 1", fixture.rows.alias(fixture.first, "live") + " " + fixture.rows.alias(fixture.first, "previous"));
        assertEquals(
                List.of("begin", "shadow", "canary", "canary", "promote"), RolloutControlTest.moves(fixture, begun));
        assertTrue(at > 19, "all points were reached: " + at);
    }

    /** Between the database and the disk. */
    @Test
    void whoIsKilledWhileItBecomesLiveFinds() {
        RolloutFixture fixture = fixture("control-between", 0, false);
        StoredRollout begun = fixture.begin();
        RolloutControlTest.good(fixture);
        fixture.rollouts.promote(
                new RolloutDecision(Ids.next(), begun.id(), fixture.now, "promoted", 0, "promote", "ann", "so", "{}"),
                new Rollouts.Place("promoted", 0, false, fixture.now, "[]"));
        fixture.open();
        assertEquals("ready", fixture.phase(), "calls follow the disk until the database has been asked");
        fixture.turn();
        fixture.turn();
        assertEquals("promoted", fixture.phase());
        assertEquals(2, fixture.live().number());
    }

    /** It goes on there, and is over here: that is told, without a word against what did well. */
    @Test
    void whatADatabaseOfBeforeDoesNotKnowIsEndedThereAnew() {
        RolloutFixture good = fixture("control-restored-good", 0, true);
        StoredRollout promoted = good.begin();
        RolloutControlTest.good(good);
        assertEquals("promoted", good.phase());
        good.alias(good.first, Rollouts.LIVE);
        good.rows.change("UPDATE rollout SET phase = 'canary' WHERE id = ?", promoted.id());
        good.turn();
        assertEquals(
                "rolled-back", good.rollouts.find(promoted.id()).orElseThrow().phase());
        assertEquals(
                RolloutDecision.WITHDRAW,
                good.rollouts.decisions(promoted.id()).getLast().action());
        assertTrue(
                new Standing(TestDatabase.database())
                        .objection(good.second.id())
                        .orElseThrow()
                        .endsWith("so it must be judged again"),
                "by whatever report there is");

        RolloutFixture bad = fixture("control-restored-bad", 0, true);
        StoredRollout worse = bad.begin();
        bad.until("canary");
        for (int i = 0; i < 10 && bad.phase().equals("canary"); i++) {
            bad.calls(15, 6, 40, 39);
            bad.turn();
        }
        assertEquals("rolled-back", bad.phase());
        bad.rows.change("UPDATE rollout SET phase = 'canary' WHERE id = ?", worse.id());
        bad.turn();
        assertEquals("rolled-back", bad.rollouts.find(worse.id()).orElseThrow().phase());
        assertEquals(
                List.of(RolloutDecision.ROLL_BACK, RolloutDecision.ROLL_BACK),
                bad.actions(worse).stream()
                        .filter(action -> action.equals(RolloutDecision.ROLL_BACK))
                        .toList());
    }

    /** What a person took away may have stood in it: nothing of one's own has calls until a person says so. */
    @Test
    void aFileThatCannotBeReadIsSetAsideAndHalts() throws Exception {
        RolloutFixture fixture = fixture("control-file", 0, true);
        fixture.begin();
        fixture.until("canary");
        Files.writeString(home.resolve("rollouts/control-file.json"), "{");
        fixture.open();
        assertEquals("big", fixture.route().choose("e").name());
        assertTrue(fixture.control.alarms(fixture.name).getFirst().contains("cannot be read"));
        fixture.turn();
        fixture.turn();
        assertEquals("canary", fixture.phase(), "the database knows where it was");
        assertNull(fixture.route().canary(), "and nobody has calls of it");
        fixture.open();
        fixture.turn();
        assertEquals("big", fixture.route().choose("e").name(), "also after a new start");
        try (var files = Files.list(home.resolve("rollouts"))) {
            Path aside = files.filter(file -> file.toString().contains("control-file.unreadable-"))
                    .findFirst()
                    .orElseThrow();
            assertEquals("{", Files.readString(aside), "for a person to look at");
        }
        assertTrue(fixture.ask(Command.RESUME).done());
        assertNotNull(fixture.route().canary());
        assertEquals("live", fixture.route().variant("live").name());
        fixture.turn();
        assertEquals(List.of(), fixture.control.alarms(fixture.name));
    }

    @Test
    void aDiskThatTakesNothingTakesCallsAwayAllTheSame() throws Exception {
        RolloutFixture fixture = fixture("control-disk", 0, true);
        fixture.begin();
        fixture.until("canary");
        Path file = home.resolve("rollouts/control-disk.json");
        Files.delete(file);
        Files.createDirectories(file.resolve("in-the-way"));
        fixture.calls(30, 30, 30, 30);
        fixture.turn();
        assertEquals(0.1, fixture.control.share(fixture.name), "nothing more for it");
        assertTrue(fixture.control.alarms(fixture.name).stream()
                .anyMatch(alarm -> alarm.contains("cannot be written down")));
        fixture.keptAway.add("candidate");
        fixture.control.look();
        assertEquals("rolled-back", fixture.phase());
        Files.delete(file.resolve("in-the-way"));
        Files.delete(file);
        fixture.control.look();
        fixture.keptAway.clear();
        fixture.open();
        assertEquals("rolled-back", fixture.phase());
    }
}
