package dev.hone.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.algorithm.Advantages;
import dev.hone.algorithm.Grpo;
import dev.hone.algorithm.GrpoPlan;
import dev.hone.algorithm.Judgment;
import dev.hone.algorithm.Normalisation;
import dev.hone.algorithm.Prompt;
import dev.hone.algorithm.Rollouts;
import dev.hone.algorithm.Schedule;
import dev.hone.model.ModelConfig;
import dev.hone.model.Weights;
import dev.hone.record.AdamParams;
import dev.hone.record.Constraint;
import dev.hone.record.Datum;
import dev.hone.record.Draw;
import dev.hone.record.Loss;
import dev.hone.record.Sample;
import dev.hone.record.SampleRequest;
import dev.hone.record.SamplingMode;
import dev.hone.record.SamplingParams;
import dev.hone.record.Snapshot;
import dev.hone.sample.Pieces;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What was drawn under a constraint is trained under it. */
class ConstrainedTrainingTest {
    private static final ModelConfig CONFIG = TinyModel.withEverything();
    private static final List<String> PIECES =
            List.of("[", "]", ",", "0", "1", "2", "3", "4", "true", "\"", "a", "null", "-", "{", "}");
    private static final int END = PIECES.size();
    private static final Constraint CONSTRAINT = new Constraint.Schema(
            "{\"type\":\"array\",\"items\":{\"enum\":[0,1,22,true]},\"minItems\":2,\"maxItems\":4}");

    private static final Pieces TEXTS = new Pieces(PIECES);

    private static Trainer trainer() {
        TrainerSpec spec = new TrainerSpec(Path.of("tiny"), new Adaptation.Full(), 5, 1_000, false, Precision.FP32);
        return new Trainer(Weights.random(CONFIG, 7), spec, TEXTS);
    }

    private static final GrpoPlan PLAN = new GrpoPlan(
            1,
            1,
            6,
            12,
            0.8,
            List.of(END),
            SamplingMode.EXACT,
            Advantages.CENTRED,
            Normalisation.TOKENS,
            1,
            1,
            new Loss.Ppo(0.2, 0.28, 3),
            2,
            0,
            1e-2,
            Schedule.CONSTANT,
            0,
            1,
            1);

    private static List<Datum> drawn(Trainer trainer) {
        List<Rollouts> rollouts = new ArrayList<>();
        try (Snapshot snapshot = trainer.snapshot(SamplingMode.EXACT)) {
            for (int i = 0; i < 4; i++) {
                Prompt prompt = new Prompt(new int[] {3, 20 + i, 7}, CONSTRAINT);
                SamplingParams params = new SamplingParams(
                        PLAN.maxTokens(), PLAN.temperature(), 0, 1, 0, List.of(), PLAN.stopTokens(), i);
                List<Sample> samples = snapshot.sample(List.of(
                                new SampleRequest(prompt.tokens(), PLAN.samples(), params, prompt.constraint())))
                        .getFirst();
                List<Judgment> judgments = samples.stream()
                        .map(sample -> Judgment.of(sample.tokens().length))
                        .toList();
                rollouts.add(new Rollouts(prompt, samples, judgments));
            }
        }
        return Grpo.data(rollouts, PLAN);
    }

    @Test
    void theTrainerSeesTheSamplersProbabilities() {
        try (Trainer trainer = trainer()) {
            List<Datum> data = drawn(trainer);
            assertTrue(data.size() > 8, "the samples hardly differ");
            assertTrue(distance(data, trainer) < 1e-4, "apart by " + distance(data, trainer));
            List<Datum> free = data.stream()
                    .map(datum -> new Datum(
                            datum.tokens(),
                            datum.targets(),
                            datum.weights(),
                            new Draw(
                                    datum.draw().behaviour(),
                                    datum.draw().advantages(),
                                    datum.draw().temperature())))
                    .toList();
            assertTrue(distance(free, trainer) > 1, "the masks change nothing");
        }
    }

    private static double distance(List<Datum> data, Trainer trainer) {
        List<float[]> logprobs = trainer.forward(data).logprobs();
        double most = 0;
        for (int i = 0; i < data.size(); i++) {
            for (int position = 0; position < data.get(i).length(); position++) {
                if (data.get(i).weights()[position] != 0) {
                    double behaviour = data.get(i).draw().behaviour()[position];
                    most = Math.max(most, Math.abs(logprobs.get(i)[position] - behaviour));
                }
            }
        }
        return most;
    }

    @Test
    void aStepTowardsLongerTextsMakesThemMoreProbable() {
        try (Trainer trainer = trainer()) {
            List<Datum> data = drawn(trainer);
            double before = objective(data, trainer);
            double loss = trainer.forwardBackward(data, PLAN.loss()).loss();
            assertTrue(Double.isFinite(loss));
            trainer.optimStep(AdamParams.of(1e-3));
            assertTrue(objective(data, trainer) > before);
        }
    }

    /** What the loss wants to be large: Σ weight · advantage · log-probability. */
    private static double objective(List<Datum> data, Trainer trainer) {
        List<float[]> logprobs = trainer.forward(data).logprobs();
        double sum = 0;
        for (int i = 0; i < data.size(); i++) {
            for (int position = 0; position < data.get(i).length(); position++) {
                sum += (double) data.get(i).weights()[position]
                        * data.get(i).draw().advantages()[position]
                        * logprobs.get(i)[position];
            }
        }
        return sum;
    }

    @Test
    void whatBreaksItsConstraintIsRefused() {
        Datum broken = new Datum(
                new int[] {3, 0, 8},
                new int[] {0, 8, 1},
                new float[] {1, 1, 1},
                new Draw(
                        new float[3],
                        new float[] {1, 1, 1},
                        1,
                        new Constraint.Schema("{\"const\":[0]}"),
                        List.of(END)));
        try (Trainer trainer = trainer()) {
            String message = assertThrows(IllegalArgumentException.class, () -> trainer.forward(List.of(broken)))
                    .getMessage();
            assertEquals("Token [1] of a drawn text, id [8], breaks the constraint that it was drawn under", message);
        }
    }
}
