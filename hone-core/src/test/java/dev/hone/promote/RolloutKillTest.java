package dev.hone.promote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.StoredRollout;
import dev.hone.store.Rollouts;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes that end in the middle of a look or a tick: between any two things that are asked of the clock, the servers, the gateway or a person. */
final class RolloutKillTest {
    @TempDir
    Path home;

    /** The process is no more. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    private RolloutFixture fixture(String name, long copies) {
        return new RolloutFixture(
                name, home, true, RolloutFixture.promotion(RolloutControlTest.ANSWERED, copies, true));
    }

    /** @return how many times something was asked before; the process ends at the one after these */
    private static int[] killAfter(RolloutFixture fixture, int times) {
        int[] left = {times};
        fixture.before = () -> {
            if (left[0]-- == 0) {
                throw new Killed();
            }
        };
        return left;
    }

    private static void follows(RolloutFixture fixture, Path home) {
        try {
            assertEquals(
                    new TrafficFile(home).read(fixture.name),
                    fixture.control.state(fixture.name),
                    "calls follow what is on the disk");
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 11, 19, 26, 34, 41, 47, 53, 58, 64, 71, 77, 83, 90, 97, 103, 106, 110, 114, 118})
    void whoeverIsKilledWithinATickGoesOn(int times) {
        RolloutFixture fixture = fixture("kill-within-" + times, 20);
        fixture.turn();
        StoredRollout begun = fixture.begin();
        int[] left = killAfter(fixture, times);
        for (int i = 0; i < 40 && !fixture.phase().equals("promoted"); i++) {
            fixture.now = fixture.now.plusSeconds(2);
            try {
                fixture.control.look();
                fixture.control.tick();
                fixture.control.look();
            } catch (Killed e) {
                fixture.before = () -> {};
                fixture.open();
                follows(fixture, home);
            }
            if (fixture.phase().equals("shadow")) {
                fixture.copies(30, 30);
            } else if (fixture.phase().equals("canary")) {
                fixture.calls(80, 80, 80, 80);
            }
        }
        fixture.before = () -> {};
        fixture.turn();
        assertTrue(left[0] < 0, "the point was reached: " + left[0]);
        assertEquals("promoted", fixture.phase());
        assertEquals(
                "2 1",
                fixture.rows.alias(fixture.first, Rollouts.LIVE) + " "
                        + fixture.rows.alias(fixture.first, Rollouts.PREVIOUS));
        assertEquals(
                List.of("begin", "shadow", "canary", "canary", "promote"), RolloutControlTest.moves(fixture, begun));
        assertEquals("promoted", fixture.rollouts.find(begun.id()).orElseThrow().phase());
    }

    /** Who pulled the switch has pulled it, whenever the process ends after that. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})
    void aStopIsCarriedOutOnce(int times) throws Exception {
        RolloutFixture fixture = fixture("kill-stop-" + times, 0);
        StoredRollout begun = fixture.begin();
        fixture.until("canary");
        fixture.turn();
        AskedFiles files = new AskedFiles(home);
        UUID id = files.ask(fixture.name, Command.STOP, "bob", null);
        killAfter(fixture, times);
        try {
            fixture.control.look();
            fixture.control.tick();
        } catch (Killed e) {
            // There is another process.
        }
        fixture.before = () -> {};
        fixture.open();
        follows(fixture, home);
        fixture.control.look();
        assertNull(fixture.route().canary());
        assertTrue(files.answer(id).orElseThrow().done());
        fixture.turn();
        assertEquals("stopped", fixture.rollouts.find(begun.id()).orElseThrow().phase());
        assertEquals(1, fixture.actions(begun).stream().filter("stop"::equals).count());
    }
}
