package dev.hone.advise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class AdjustedRandTest {
    /**
     * By hand: both agree on 2 of 15 pairs; one has 6, the other 3 together; expected are 6 · 3 / 15 = 1.2, most are 4.5: (2 − 1.2) / (4.5 −
     * 1.2).
     */
    @Test
    void asWorkedOutByHand() {
        assertEquals(0.8 / 3.3, AdjustedRand.of(List.of(0, 0, 0, 1, 1, 1), List.of(0, 0, 1, 1, 2, 2)), 1e-12);
    }

    /** By hand: pairs together 0 of 6, 2 and 2; expected 4 / 6, most 2: −(2/3) / (4/3). */
    @Test
    void worseThanChanceIsBelowZero() {
        assertEquals(-0.5, AdjustedRand.of(List.of("a", "a", "b", "b"), List.of(1, 2, 1, 2)), 1e-12);
    }

    /** By hand: one of eight things stands with the others' group: 10 + 1 pairs together, 13 and 16 of 28: 13 · 16 / 28 expected, 14.5 most. */
    @Test
    void whatIsPutToTheWrongGroupCosts() {
        double expected = 13.0 * 16 / 28;
        assertEquals(
                (11 - expected) / (14.5 - expected),
                AdjustedRand.of(List.of(0, 0, 0, 0, 0, 1, 1, 1), List.of(0, 0, 0, 0, 0, 0, 1, 1)),
                1e-12);
    }

    @Test
    void theSameByOtherNamesIsOne() {
        assertEquals(1, AdjustedRand.of(List.of(1, 1, 2, 3), List.of("x", "x", "z", "y")));
        assertEquals(1, AdjustedRand.of(List.of(1, 1), List.of(2, 2)));
        assertEquals(1, AdjustedRand.of(List.of(1, 2), List.of(2, 1)));
        assertEquals(1, AdjustedRand.of(List.of(1), List.of(2)));
    }

    @Test
    void chanceIsAboutNothing() {
        Random random = new Random(3);
        List<Integer> one =
                IntStream.range(0, 2_000).mapToObj(i -> random.nextInt(5)).toList();
        List<Integer> other =
                IntStream.range(0, 2_000).mapToObj(i -> random.nextInt(7)).toList();
        assertEquals(0, AdjustedRand.of(one, other), 0.01);
        assertEquals(0, AdjustedRand.of(one, Collections.nCopies(2_000, 1)), 1e-12);
    }

    @Test
    void otherThingsCannotBeCompared() {
        assertThrows(IllegalArgumentException.class, () -> AdjustedRand.of(List.of(1), List.of(1, 2)));
        assertThrows(IllegalArgumentException.class, () -> AdjustedRand.of(List.of(), List.of()));
    }
}
