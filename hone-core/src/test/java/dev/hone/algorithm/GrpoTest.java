package dev.hone.algorithm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.Datum;
import dev.hone.record.Grader.Grade;
import dev.hone.record.Loss;
import dev.hone.record.Sample;
import dev.hone.record.Sample.StopReason;
import dev.hone.record.SamplingMode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Data and figures worked out by hand. */
final class GrpoTest {
    private static final int MOST_TOKENS = 4;

    private static Sample sample(int... tokens) {
        float[] logprobs = new float[tokens.length];
        for (int i = 0; i < tokens.length; i++) {
            logprobs[i] = -0.25f * (i + 1);
        }
        return new Sample(tokens, logprobs, tokens.length == MOST_TOKENS ? StopReason.LENGTH : StopReason.END);
    }

    /** Rewards 1, 0, none, 0.5 (mean 0.5, deviation 0.5); then two alike. 5 judged samples of 10 tokens. */
    private static List<Rollouts> groups() {
        return List.of(
                new Rollouts(
                        new Prompt(5, 6),
                        List.of(sample(7, 8), sample(9), sample(7), sample(8, 9, 9)),
                        judgments(1, 0, Double.NaN, 0.5)),
                new Rollouts(new Prompt(4), List.of(sample(1, 2), sample(3, 2)), judgments(1, 1)));
    }

    private static List<Judgment> judgments(double... rewards) {
        return Arrays.stream(rewards).mapToObj(Judgment::of).toList();
    }

    /** An answer whose reward is shaped. */
    private static Judgment shaped(double reward, double score, double function) {
        return new Judgment(reward, new Grade(score, Map.of("function", function), ""));
    }

    private static List<Datum> data(Advantages advantages, Normalisation normalisation) {
        return data(advantages, normalisation, 0);
    }

    private static List<Datum> data(Advantages advantages, Normalisation normalisation, double klWeight) {
        return Grpo.data(groups(), plan(advantages, normalisation, klWeight));
    }

    private static GrpoPlan plan(Advantages advantages, Normalisation normalisation, double klWeight) {
        return new GrpoPlan(
                1,
                2,
                4,
                MOST_TOKENS,
                0.7,
                List.of(),
                SamplingMode.EXACT,
                advantages,
                normalisation,
                1,
                1,
                new Loss.ImportanceSampling(),
                2,
                klWeight,
                1e-3,
                Schedule.CONSTANT,
                0,
                1,
                1);
    }

    @Test
    void aSampleFollowsItsPrompt() {
        List<Datum> data = data(Advantages.CENTRED, Normalisation.CONSTANT);
        assertEquals(2, data.size());
        Datum first = data.getFirst();
        assertArrayEquals(new int[] {5, 6, 7}, first.tokens());
        assertArrayEquals(new int[] {6, 7, 8}, first.targets());
        assertArrayEquals(new float[] {0, 0.05f, 0.05f}, first.weights());
        assertArrayEquals(new float[] {0, 0.5f, 0.5f}, first.draw().advantages());
        assertArrayEquals(new float[] {0, -0.25f, -0.5f}, first.draw().behaviour());
        assertEquals(0.7, first.draw().temperature());
        assertArrayEquals(new float[] {0, -0.5f}, data.getLast().draw().advantages());
    }

    @Test
    void advantages() {
        double[] rewards = groups().getFirst().rewards();
        Spread spread = Grpo.advantages(groups(), plan(Advantages.CENTRED, Normalisation.CONSTANT, 0));
        assertEquals(new Spread(0, Math.sqrt(0.5 / 5), -0.5, 0.5), spread);
        assertArrayEquals(new double[] {0.5, -0.5, 0, 0}, Advantages.CENTRED.of(rewards), 1e-12);
        assertArrayEquals(new double[] {0.5 / 0.5001, -0.5 / 0.5001, 0, 0}, Advantages.STANDARDISED.of(rewards), 1e-12);
        assertArrayEquals(new double[] {0.75, -0.75, 0, 0}, Advantages.LEAVE_ONE_OUT.of(rewards), 1e-12);
        for (Advantages kind : Advantages.values()) {
            assertArrayEquals(new double[] {0, 0}, kind.of(new double[] {0.3, 0.3}));
            assertArrayEquals(new double[] {0, 0}, kind.of(new double[] {0.3, Double.NaN}));
            assertArrayEquals(new double[] {0}, kind.of(new double[] {Double.NaN}));
        }
    }

    @Test
    void normalisations() {
        assertEquals(0.05f, weight(Normalisation.CONSTANT, 0), 1e-7);
        assertEquals(0.1f, weight(Normalisation.TOKENS, 0), 1e-7);
        assertEquals(0.1f, weight(Normalisation.SEQUENCE, 0), 1e-7);
        assertEquals(0.2f, weight(Normalisation.SEQUENCE, 1), 1e-7);
    }

    private static float weight(Normalisation normalisation, int datum) {
        float[] weights = data(Advantages.CENTRED, normalisation).get(datum).weights();
        return weights[weights.length - 1];
    }

    @Test
    void whatTheTrainerLikesBetterWeighsMoreUpToACap() {
        List<Datum> data = data(Advantages.CENTRED, Normalisation.CONSTANT);
        List<float[]> trainer = List.of(new float[] {0, -0.25f + 2, -0.5f + 0.1f}, new float[] {0, -0.25f - 1});
        List<Datum> corrected = Grpo.corrected(data, trainer, 2);
        assertArrayEquals(
                new float[] {0, 0.1f, (float) (0.05 * Math.exp(0.1))},
                corrected.getFirst().weights(),
                1e-7f);
        assertArrayEquals(
                new float[] {0, (float) (0.05 * Math.exp(-1))},
                corrected.getLast().weights(),
                1e-7f);
        assertArrayEquals(trainer.getFirst(), corrected.getFirst().draw().behaviour());
    }

    /** Of the first sample, −0.25 and −0.5 for the policy: the reference likes its first token less and its second more. */
    @Test
    void whatIsMoreProbableThanUnderTheReferenceCosts() {
        List<Datum> data = data(Advantages.CENTRED, Normalisation.CONSTANT);
        List<float[]> reference = List.of(new float[] {0, -1.25f, -0.1f}, new float[] {0, -0.25f});
        List<Datum> penalised = Grpo.penalised(data, reference, 0.5);
        assertArrayEquals(
                new float[] {0, 0.5f - 0.5f * 1, 0.5f + 0.5f * 0.4f},
                penalised.getFirst().draw().advantages(),
                1e-6f);
        assertArrayEquals(new float[] {0, -0.5f}, penalised.getLast().draw().advantages(), 1e-6f);
    }

    /** Five were judged; without a reference only the two of the first group that differ from its mean would be there. */
    @Test
    void whatRewardsDoNotTellApartIsHeldToTheReference() {
        List<Datum> data = data(Advantages.CENTRED, Normalisation.CONSTANT, 0.5);
        assertEquals(5, data.size());
        assertArrayEquals(new int[] {4, 3}, data.getLast().tokens());
        assertArrayEquals(new float[] {0.05f, 0.05f}, data.getLast().weights());
        assertArrayEquals(new float[] {0, 0}, data.getLast().draw().advantages());
        List<float[]> reference = data.stream()
                .map(datum -> {
                    float[] less = datum.draw().behaviour().clone();
                    less[less.length - 1] -= 2;
                    return less;
                })
                .toList();
        assertArrayEquals(
                new float[] {0, -1},
                Grpo.penalised(data, reference, 0.5).getLast().draw().advantages(),
                1e-6f);
    }

    /** So that a sampler's differences need no pass of their own: the trainer's log-probabilities are known with the gradient. */
    @ParameterizedTest
    @ValueSource(doubles = {-3, -0.2, 0, 0.4, 0.6, 1.5})
    void beforeTheFirstStepTheCappedRatioIsTheSlopeOfEveryLossCorrected(double difference) {
        double behaviour = -1.5;
        double logprob = behaviour + difference;
        for (double advantage : new double[] {-0.7, 0.3}) {
            double slope = new Loss.Cispo(2).term(logprob, behaviour, advantage).slope();
            double weight = Math.min(Math.exp(difference), 2);
            for (Loss loss : List.of(new Loss.Ppo(0.2, 0.28, 3), new Loss.ImportanceSampling(), new Loss.Cispo(5))) {
                assertEquals(weight * loss.term(logprob, logprob, advantage).slope(), slope, 1e-12);
            }
        }
    }

    @Test
    void drift() {
        List<Datum> data = data(Advantages.CENTRED, Normalisation.CONSTANT);
        Drift none = Drift.of(
                data, data.stream().map(datum -> datum.draw().behaviour()).toList());
        assertEquals(new Drift(3, 1.0 / 3, 0, 0, 1, 1, 1, 1), none);
        assertTrue(none.alarm().isEmpty());
        // d = ln 2, 0, 0: weights 2, 1, 1
        float two = (float) (-0.25 + Math.log(2));
        Drift some = Drift.of(data, List.of(new float[] {0, two, -0.5f}, new float[] {0, -0.25f}));
        assertEquals((1 - Math.log(2)) / 3, some.kl(), 1e-7);
        assertEquals(4.0 / 3, some.meanWeight(), 1e-7);
        assertEquals(1, some.leastWeight(), 1e-7);
        assertEquals(16.0 / 18, some.effective(), 1e-7);
        assertEquals(Math.log(2), some.most(), 1e-7);
        assertTrue(some.alarm().contains("apart"), some.alarm());
    }

    @Test
    void rewards() {
        Rewards rewards = Rewards.of(groups());
        assertEquals(6, rewards.samples());
        assertEquals(1, rewards.missing());
        assertEquals(3.5 / 5, rewards.reward().mean(), 1e-12);
        assertEquals(Math.sqrt(3.25 / 5 - 0.49), rewards.reward().deviation(), 1e-12);
        assertEquals(0, rewards.reward().least());
        assertEquals(0.5, rewards.alike());
        assertEquals(0.5, rewards.solved());
        assertEquals(0, rewards.failed());
        assertEquals(1, rewards.best());
        assertEquals(11.0 / 6, rewards.length(), 1e-12);
        assertEquals(0, rewards.cut());
        assertEquals(11.0 / 6, rewards.endedLength(), 1e-12);
        assertTrue(Double.isNaN(rewards.cutLength()));
        // Of the first prompt one of three is right, of the second both.
        assertEquals(List.of(1, 2, 3), List.copyOf(rewards.passAt().keySet()));
        assertEquals((1.0 / 3 + 1) / 2, rewards.passAt().getOrDefault(1, 0.0), 1e-12);
        assertEquals((2.0 / 3 + 1) / 2, rewards.passAt().getOrDefault(2, 0.0), 1e-12);
        assertEquals(1, rewards.passAt().getOrDefault(3, 0.0), 1e-12);
    }

    /** A wrong call under a constraint is worth something, and is wrong all the same; a right one need not be worth 1. */
    @Test
    void whatIsRightIsSaidByTheGradeAndNotByTheReward() {
        Rewards rewards = Rewards.of(List.of(
                new Rollouts(
                        new Prompt(5),
                        List.of(sample(7), sample(8, 9, 9, 9)),
                        List.of(shaped(0.05, 0, 0), shaped(0.2, 0, 1))),
                new Rollouts(
                        new Prompt(6),
                        List.of(sample(7), sample(8, 9)),
                        List.of(shaped(0.9, 1, 1), shaped(0.8, 1, 1)))));
        assertEquals(0.5, rewards.failed());
        assertEquals(0.5, rewards.solved());
        assertEquals(Map.of(1, 0.5, 2, 0.5), rewards.passAt());
        assertEquals((0.2 + 0.9) / 2, rewards.best(), 1e-12);
        assertEquals(new Spread(0.75, Math.sqrt(0.1875), 0, 1), rewards.parts().get("function"));
        assertEquals(0.25, rewards.cut());
        assertEquals(4, rewards.cutLength());
        assertEquals(4.0 / 3, rewards.endedLength(), 1e-12);
    }

    /** The first sample is liked, the second is not: clipped are a liked token above 1.28 and a disliked one below 0.8. */
    @Test
    void clippedAboveAndBelowAreToldApart() {
        List<Datum> data = data(Advantages.CENTRED, Normalisation.CONSTANT);
        Loss loss = new Loss.Ppo(0.2, 0.28, 3);
        List<float[]> moved = List.of(new float[] {0, -0.25f + 0.5f, -0.5f - 0.5f}, new float[] {0, -0.25f - 0.5f});
        assertEquals(new Clipped(1.0 / 3, 1.0 / 3), Clipped.of(loss, data, moved));
        List<float[]> drawn =
                data.stream().map(datum -> datum.draw().behaviour()).toList();
        assertEquals(Clipped.NONE, Clipped.of(loss, data, drawn));
        List<float[]> disliked = List.of(drawn.getFirst(), new float[] {0, -0.25f + 1.2f});
        assertEquals(new Clipped(0, 1.0 / 3), Clipped.of(loss, data, disliked), "above the dual clip");
    }
}
