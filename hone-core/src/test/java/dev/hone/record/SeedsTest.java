package dev.hone.record;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SeedsTest {
    /** A shared number would mean that one stream is another, shifted. */
    @Test
    void streamsOfNeighboursHaveNothingInCommon() {
        Set<Long> drawn = new HashSet<>();
        for (long seed = 0; seed < 20; seed++) {
            for (long place = 0; place < 20; place++) {
                SplittableRandom random = new SplittableRandom(Seeds.mix(seed, place));
                for (int i = 0; i < 50; i++) {
                    assertTrue(drawn.add(random.nextLong()), "seed " + seed + ", place " + place + ", draw " + i);
                }
            }
        }
    }
}
