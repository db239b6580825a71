package dev.hone.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

final class LabelScoresTest {
    /** Interval from Wilson's formula for 3 of 4; F1 by hand: a = 2·1/(2+1), b = 2·2/(2+2) → mean of 2/3, 1. */
    @Test
    void scoresByHand() {
        LabelScores scores = LabelScores.of(List.of("a", " B\n", "b", "c"), List.of("a", "b", "b", "a"));
        assertEquals(4, scores.rows());
        assertEquals(0.5, scores.exactMatch());
        assertEquals(0.75, scores.accuracy());
        assertEquals(0.3006418, scores.accuracyLow(), 1e-6);
        assertEquals(0.9544127, scores.accuracyHigh(), 1e-6);
        assertEquals((2 / 3.0 + 1) / 2, scores.macroF1(), 1e-12);
        assertEquals(2, scores.labels());
    }

    @Test
    void aWrongLabelCostsPrecisionToo() {
        LabelScores scores = LabelScores.of(List.of("a", "a"), List.of("a", "b"));
        assertEquals((2 / 3.0 + 0) / 2, scores.macroF1(), 1e-12);
    }

    @Test
    void everythingRightAndEverythingWrongStayWithinBounds() {
        assertEquals(1, LabelScores.of(List.of("x"), List.of("x")).accuracyHigh());
        assertEquals(0, LabelScores.of(List.of("y"), List.of("x")).accuracyLow());
        assertThrows(IllegalArgumentException.class, () -> LabelScores.of(List.of(), List.of()));
    }
}
