package dev.hone.record;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hone.record.Loss.Term;
import org.junit.jupiter.api.Test;

/** Terms worked out by hand; their gradients through a model are in {@code TrainerGoldenTest}. */
final class LossTest {
    private static final Loss PPO = new Loss.Ppo(0.2, 0.28, 3);

    /** Of a token whose ratio is {@code ratio}. */
    private static Term term(Loss loss, double ratio, double advantage) {
        return loss.term(Math.log(ratio) - 1, -1, advantage);
    }

    private static void assertTerm(double value, double slope, Term actual) {
        assertEquals(value, actual.value(), 1e-12);
        assertEquals(slope, actual.slope(), 1e-12);
    }

    @Test
    void ppoRewardsAGoodTokenUntilItIsClipped() {
        assertTerm(-0.5, -0.5, term(PPO, 0.5, 1));
        assertTerm(-1.25, -1.25, term(PPO, 1.25, 1));
        assertTerm(-1.28, 0, term(PPO, 1.5, 1));
    }

    @Test
    void ppoPunishesABadTokenUntilItIsRareEnough() {
        assertTerm(0.8, 0, term(PPO, 0.5, -1));
        assertTerm(1.5, 1.5, term(PPO, 1.5, -1));
        assertTerm(3, 0, term(PPO, 4, -1));
    }

    @Test
    void importanceSamplingHasNoClip() {
        assertTerm(-8, -8, term(new Loss.ImportanceSampling(), 4, 2));
    }

    @Test
    void cispoCapsTheWeightAndKeepsTheSlope() {
        Term capped = term(new Loss.Cispo(2), 4, 0.5);
        assertTerm(-(Math.log(4) - 1), -1, capped);
        assertTerm(-0.5 * (Math.log(0.5) - 1) * 0.5, -0.25, term(new Loss.Cispo(2), 0.5, 0.5));
    }

    @Test
    void absurdRatiosAreCutOff() {
        Term term = new Loss.ImportanceSampling().term(0, -50, 1);
        assertTerm(-Math.exp(Loss.MOST_LOG_RATIO), 0, term);
    }

    @Test
    void crossEntropyIgnoresTheDraw() {
        assertTerm(3, -1, new Loss.CrossEntropy().term(-3, 0, 0));
    }
}
