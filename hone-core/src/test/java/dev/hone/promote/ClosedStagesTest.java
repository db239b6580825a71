package dev.hone.promote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.store.RolloutTallies;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class ClosedStagesTest {
    private static final Instant BEGUN = Instant.parse("2026-11-27T08:00:00Z");
    private static final Instant ENDED = BEGUN.plusSeconds(600);
    private static final UUID ROLLOUT = new UUID(7, 1);

    private final ClosedStages closed = new ClosedStages();
    private final Stage going = new Stage(false, 1, 0.5, ENDED, null);
    private final Stage over = new Stage(false, 0, 0.05, BEGUN, ENDED);
    private int read;

    /** How often it was read, which it says. */
    private long of(UUID rollout, Stage stage, Instant now, boolean whole) {
        return closed.of(rollout, stage, now, whole, () -> {
                    read++;
                    return new RolloutTallies.Sums(Map.of(), Map.of("answered", new RolloutTallies.Sum(read, 0)));
                })
                .candidate()
                .getOrDefault("answered", RolloutTallies.Sum.NONE)
                .count();
    }

    private static Instant after(Duration end) {
        return ENDED.plus(end);
    }

    @Test
    void whatGoesOnIsReadEachTime() {
        assertEquals(1, of(ROLLOUT, going, after(Duration.ofHours(1)), true));
        assertEquals(2, of(ROLLOUT, going, after(Duration.ofHours(1)), true));
        assertFalse(closed.isKnown(ROLLOUT, going, after(Duration.ofHours(1))));
    }

    /** Its calls are still stored for a while; later ones are feedback, which may come at any time. */
    @Test
    void whatIsOverIsReadNowAndThen() {
        assertEquals(1, of(ROLLOUT, over, after(Duration.ofMinutes(5)), true));
        assertEquals(2, of(ROLLOUT, over, after(Duration.ofMinutes(6)), true), "it may still have grown");
        assertEquals(2, of(ROLLOUT, over, after(Duration.ofMinutes(6)), true));
        assertEquals(2, of(ROLLOUT, over, after(Duration.ofSeconds(659)), true));
        assertTrue(closed.isKnown(ROLLOUT, over, after(Duration.ofSeconds(659))));
        assertEquals(3, of(ROLLOUT, over, after(Duration.ofMinutes(11)), true));
        assertEquals(4, of(ROLLOUT, over, after(Duration.ofMinutes(10)), true), "the clock was set back");
    }

    @Test
    void whatIsNotGradedYetAndWhatIsAnothersIsNotKept() {
        Instant now = after(Duration.ofHours(1));
        assertEquals(1, of(ROLLOUT, over, now, false));
        assertEquals(2, of(ROLLOUT, over, now, true));
        assertEquals(2, of(ROLLOUT, over, now, true));
        UUID other = new UUID(7, 2);
        assertFalse(closed.isKnown(other, over, now));
        assertEquals(3, of(other, over, now, true));
        assertEquals(4, of(ROLLOUT, over, now, true));
    }
}
