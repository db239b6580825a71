package dev.hone.train;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.algorithm.Advantages;
import dev.hone.algorithm.Checkpoints;
import dev.hone.algorithm.GrpoListener.Step;
import dev.hone.algorithm.GrpoPlan;
import dev.hone.algorithm.GrpoRun;
import dev.hone.algorithm.Judgment;
import dev.hone.algorithm.Normalisation;
import dev.hone.algorithm.Prompt;
import dev.hone.algorithm.Schedule;
import dev.hone.model.PrefixTree.Segment;
import dev.hone.model.Weights;
import dev.hone.record.Datum;
import dev.hone.record.Loss;
import dev.hone.record.Sample;
import dev.hone.record.SamplingMode;
import dev.hone.record.TrainingClient.Sharing;
import dev.hone.sample.ConstraintMasks;
import dev.hone.tensor.HostArrays;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A tiny model of random weights learns from rewards alone. */
class GrpoRunTest {
    private static final int TOKENS = 6;
    private static final Duration NEVER = Duration.ofHours(1);
    private static final TrainerSpec SPEC =
            new TrainerSpec(Path.of("tiny"), new Adaptation.Full(), 5, 1_000, false, Precision.FP32);

    @TempDir
    Path folder;

    private final List<Step> heard = new ArrayList<>();

    private static List<Prompt> prompts() {
        Random random = new Random(2);
        List<Prompt> prompts = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            int[] prompt = random.ints(5, 2, 61).toArray();
            prompt[4] = i % 2;
            prompts.add(new Prompt(prompt));
        }
        return prompts;
    }

    /** Share of the tokens that are as even or odd as the prompt's last token: depends on the prompt. */
    private static Judgment parity(int prompt, Sample sample) {
        long right = Arrays.stream(sample.tokens())
                .filter(token -> token % 2 == prompt % 2)
                .count();
        return Judgment.of(right / (double) TOKENS);
    }

    private static GrpoPlan near(long steps, double weight) {
        GrpoPlan plan = plan(steps, SamplingMode.EXACT);
        return new GrpoPlan(
                steps,
                plan.prompts(),
                plan.samples(),
                plan.maxTokens(),
                plan.temperature(),
                plan.stopTokens(),
                plan.mode(),
                plan.advantages(),
                plan.normalisation(),
                plan.updates(),
                plan.passes(),
                plan.loss(),
                plan.importanceCap(),
                weight,
                plan.learningRate(),
                plan.schedule(),
                plan.warmup(),
                plan.maxGradientNorm(),
                plan.seed());
    }

    private double distance(double weight, String name) {
        List<Step> steps = new ArrayList<>();
        try (Trainer trainer = trainer();
                Trainer reference = trainer()) {
            new GrpoRun(
                            prompts(),
                            GrpoRunTest::parity,
                            trainer,
                            near(20, weight),
                            new Checkpoints(folder.resolve(name), 1),
                            NEVER,
                            Map.of("name", "test"),
                            data -> reference.forward(data).logprobs())
                    .run(0, (step, rollouts) -> steps.add(step), () -> false);
        }
        assertTrue(Math.abs(steps.getFirst().klToReference()) < 1e-4, "it begins as its own reference");
        return steps.getLast().klToReference();
    }

    @Test
    void aReferenceHoldsTheRunBack() {
        double held = distance(0.5, "held");
        double loose = distance(1e-6, "loose");
        assertTrue(held < 0.7 * loose, held + " with the weight, " + loose + " without");
        try (Trainer trainer = trainer()) {
            assertThrows(IllegalArgumentException.class, () -> run(trainer, near(1, 0.5), "none"));
        }
    }

    /** Where rewards do not tell answers apart, there is the reference still: without it the policy would stay where it is. */
    @Test
    void answersThatAreAllWorthTheSameAreHeldToTheReferenceToo() {
        List<Step> steps = new ArrayList<>();
        try (Trainer trainer = trainer();
                Trainer reference = trainer()) {
            run(trainer, plan(20, SamplingMode.EXACT), "away").run(0, (step, rollouts) -> {}, () -> false);
            new GrpoRun(
                            prompts(),
                            (prompt, sample) -> Judgment.of(1),
                            trainer,
                            near(20, 0.5),
                            new Checkpoints(folder.resolve("back"), 1),
                            NEVER,
                            Map.of("name", "test"),
                            data -> reference.forward(data).logprobs())
                    .run(0, (step, rollouts) -> steps.add(step), () -> false);
        }
        double away = steps.getFirst().klToReference();
        double back = steps.getLast().klToReference();
        assertTrue(away > 0.05, "it was not away: " + away);
        assertTrue(back < 0.5 * away, "from " + away + " only to " + back);
    }

    private static GrpoPlan plan(long steps, SamplingMode mode) {
        return plan(steps, mode, 1, 1);
    }

    private static GrpoPlan plan(long steps, SamplingMode mode, int updates, int passes) {
        return new GrpoPlan(
                steps,
                8,
                8,
                TOKENS,
                1,
                List.of(),
                mode,
                Advantages.CENTRED,
                Normalisation.CONSTANT,
                updates,
                passes,
                new Loss.Ppo(0.2, 0.28, 3),
                2,
                0,
                2e-2,
                Schedule.CONSTANT,
                0,
                1,
                3);
    }

    private static Trainer trainer() {
        return TinyModel.trainer(TinyModel.withEverything(), SPEC);
    }

    private GrpoRun run(Trainer trainer, GrpoPlan plan, String name) {
        return new GrpoRun(
                prompts(),
                GrpoRunTest::parity,
                trainer,
                plan,
                new Checkpoints(folder.resolve(name), 1),
                NEVER,
                Map.of("name", "test"));
    }

    @ParameterizedTest
    @EnumSource(SamplingMode.class)
    void rewardsRise(SamplingMode mode) {
        try (Trainer trainer = trainer()) {
            run(trainer, plan(60, mode), "learns").run(0, (step, rollouts) -> heard.add(step), () -> false);
        }
        double before = mean(heard.subList(0, 3));
        double after = mean(heard.subList(57, 60));
        assertTrue(before < 0.65, "it began at " + before);
        assertTrue(after > 0.8, "from " + before + " only to " + after);
        assertTrue(heard.stream().allMatch(step -> step.drift().alarm().isEmpty()), "alarms");
        assertTrue(heard.stream().allMatch(step -> step.clipped().total() == 0), "a first pass has nothing to clip");
        if (mode == SamplingMode.EXACT) {
            assertTrue(heard.getFirst().drift().kl() < 1e-8, "the sampler is not the trainer: " + heard.getFirst());
        }
    }

    @ParameterizedTest
    @EnumSource(SamplingMode.class)
    void afterTheFirstUpdateTheLossClips(SamplingMode mode) {
        try (Trainer trainer = trainer()) {
            run(trainer, plan(20, mode, 4, 2), "often").run(0, (step, rollouts) -> heard.add(step), () -> false);
        }
        assertTrue(mean(heard.subList(17, 20)) > 0.8, "only " + mean(heard.subList(17, 20)));
        assertTrue(heard.stream().anyMatch(step -> step.clipped().low() > 0), "nothing was clipped below");
        assertTrue(heard.stream().anyMatch(step -> step.clipped().high() > 0), "nothing was clipped above");
    }

    private static double mean(List<Step> steps) {
        return steps.stream()
                .mapToDouble(step -> step.rewards().reward().mean())
                .average()
                .orElseThrow();
    }

    /** Of answers that begin with one prompt, and once a process: what a checkpoint was made by is looked at where it is gone on with. */
    @Test
    void atItsFirstStepARunLooksWhetherSharedPromptsTeachTheSame() {
        try (Trainer trainer = trainer()) {
            run(trainer, plan(2, SamplingMode.EXACT), "looks").run(0, (step, rollouts) -> heard.add(step), () -> false);
            run(trainer, plan(3, SamplingMode.EXACT), "again").run(2, (step, rollouts) -> heard.add(step), () -> false);
        }
        Sharing first = requireNonNull(heard.getFirst().sharing());
        assertTrue(first.logprobs() < 1e-5 && first.gradient() < 1e-5, first.toString());
        assertNull(heard.get(1).sharing());
        assertNotNull(heard.get(2).sharing());
    }

    @Test
    void aSharedPromptThatIsComputedWronglyIsRefused() {
        try (Trainer trainer = new Trainer(
                Weights.random(TinyModel.withEverything(), 7), SPEC, Arrays::toString, GrpoRunTest::forgetful)) {
            float[] before = values(trainer);
            String message = assertThrows(
                            ArithmeticException.class,
                            () -> run(trainer, plan(2, SamplingMode.EXACT), "broken")
                                    .run(0, (step, rollouts) -> heard.add(step), () -> false))
                    .getMessage();
            assertTrue(message.contains("computed together, differ"), message);
            assertTrue(heard.isEmpty(), "it went on");
            assertArrayEquals(before, values(trainer));
            assertEquals(0, trainer.parameters().gradientNorm(), "a gradient was left");
        }
    }

    /** A layout whose sequences do not see what they have in common; a sequence alone has nothing in common. */
    private static PackedBatch forgetful(List<Datum> data, Tensor rotations, ConstraintMasks masks) {
        PackedBatch right = PackedBatch.of(data, rotations, masks);
        return new PackedBatch(
                right.segments().stream()
                        .map(segment -> new Segment(segment.start(), segment.length(), 0))
                        .toList(),
                right.tokens(),
                right.rotations(),
                right.inverseRotations(),
                right.trained(),
                right.targets(),
                right.scoring(),
                right.terms());
    }

    @Test
    void aStoppedRunGoesOnToTheSameWeights() {
        float[] expected;
        try (Trainer trainer = trainer()) {
            run(trainer, plan(6, SamplingMode.EXACT), "whole").run(0, (step, rollouts) -> {}, () -> false);
            expected = values(trainer);
        }
        try (Trainer trainer = trainer()) {
            run(trainer, plan(6, SamplingMode.EXACT), "parts")
                    .run(0, (step, rollouts) -> heard.add(step), () -> heard.size() == 4);
        }
        try (Trainer trainer = trainer()) {
            GrpoRun again = run(trainer, plan(6, SamplingMode.EXACT), "parts");
            long from = again.restore();
            assertEquals(4, from);
            again.run(from, (step, rollouts) -> {}, () -> false);
            assertArrayEquals(expected, values(trainer));
        }
    }

    @Test
    void whereAllRewardsAreAlikeNothingIsLearned() {
        try (Trainer trainer = trainer()) {
            float[] before = values(trainer);
            new GrpoRun(
                            prompts(),
                            (prompt, sample) -> Judgment.of(1),
                            trainer,
                            plan(2, SamplingMode.EXACT),
                            new Checkpoints(folder.resolve("alike"), 1),
                            NEVER,
                            Map.of())
                    .run(0, (step, rollouts) -> heard.add(step), () -> false);
            assertArrayEquals(before, values(trainer));
            assertEquals(1, heard.getFirst().rewards().alike());
        }
    }

    @Test
    void policyLossesRefuseDemonstrations() {
        try (Trainer trainer = trainer()) {
            String message = assertThrows(
                            IllegalArgumentException.class,
                            () -> trainer.forwardBackward(
                                    List.of(new Datum(new int[] {1, 2}, new int[] {2, 3}, new float[] {0, 1})),
                                    new Loss.ImportanceSampling()))
                    .getMessage();
            assertTrue(message.contains("needs advantages"), message);
        }
    }

    private static float[] values(Trainer trainer) {
        return HostArrays.toFloats(trainer.parameters().state().get("values"));
    }
}
