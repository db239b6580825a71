package dev.hone.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class LoopPlannerTest {
    private static final String HOW = " (8 times of 10, where exactly one of both is right on 30 % of them)";

    @Test
    void saysWhatSoManyRowsCanShow() {
        assertEquals(
                "With 165 rows you can see a difference of ± 12 points between two contenders; with the first 60, which the"
                        + " prompted base model answers, a difference of ± 19 points" + HOW,
                LoopPlanner.power(165, 60));
        assertEquals(
                "With 165 rows you can see a difference of ± 12 points between two contenders; with the first 20, which the"
                        + " prompted base model answers, none of up to ± 30 points" + HOW,
                LoopPlanner.power(165, 20));
        assertEquals(
                "With 15 rows you can see none of up to ± 30 points between two contenders" + HOW,
                LoopPlanner.power(15, 15));
    }
}
