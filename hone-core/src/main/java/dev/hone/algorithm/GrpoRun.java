package dev.hone.algorithm;

import dev.hone.record.AdamParams;
import dev.hone.record.Datum;
import dev.hone.record.Draw;
import dev.hone.record.Loss;
import dev.hone.record.Sample;
import dev.hone.record.SampleRequest;
import dev.hone.record.SamplingParams;
import dev.hone.record.Seeds;
import dev.hone.record.Snapshot;
import dev.hone.record.TrainingClient;
import dev.hone.record.TrainingClient.Backward;
import dev.hone.record.TrainingClient.OptimStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Carries out group-relative policy optimisation: snapshot, samples, rewards, data, step. Prompts and seeds are a pure
 * function of the step, so a run goes on where it stopped; in exact mode to the same weights.
 */
public final class GrpoRun {
    private final List<Prompt> prompts;
    private final Reward reward;
    private final TrainingClient trainer;
    private final GrpoPlan plan;
    private final Resumable resumable;

    /** What a sample is worth. */
    @FunctionalInterface
    public interface Reward {
        /** @return NaN when it cannot be judged */
        double of(int prompt, Sample sample);
    }

    /**
     * @param checkpointEvery wall time between checkpoints
     * @param settings what decides the result, by name; a run is resumed only under the same
     */
    public GrpoRun(
            List<Prompt> prompts,
            Reward reward,
            TrainingClient trainer,
            GrpoPlan plan,
            Checkpoints checkpoints,
            Duration checkpointEvery,
            Map<String, String> settings) {
        if (prompts.isEmpty()) {
            throw new IllegalArgumentException("There is nothing to sample: no prompt is left");
        }
        this.prompts = List.copyOf(prompts);
        this.reward = reward;
        this.trainer = trainer;
        this.plan = plan;
        this.resumable = new Resumable(trainer, checkpoints, checkpointEvery, settings);
    }

    /**
     * Restores the newest complete checkpoint.
     *
     * @return steps that it has seen; 0 when there is none
     * @throws IllegalArgumentException when its settings are others
     */
    public long restore() {
        return resumable.restore();
    }

    /**
     * Trains from a step on, until the end or until told to stop; in both cases a checkpoint is left.
     *
     * @param from steps already taken
     * @return steps taken in all
     */
    public long run(long from, GrpoListener listener, BooleanSupplier stop) {
        return resumable.run(from, plan.steps(), step -> take(step, listener), listener::saved, stop);
    }

    private void take(long step, GrpoListener listener) {
        long start = System.nanoTime();
        List<Rollouts> rollouts = sample(step);
        long sampled = System.nanoTime();
        List<Datum> drawn = Grpo.data(rollouts, plan);
        AdamParams adam = plan.adam(step);
        Learned learned = drawn.isEmpty() ? Learned.NOTHING : learn(step, drawn, adam);
        listener.stepped(
                new GrpoListener.Step(
                        step + 1,
                        plan.steps(),
                        Rewards.of(rollouts),
                        learned.drift(),
                        learned.loss(),
                        learned.gradientNorm(),
                        learned.clipped(),
                        adam.learningRate(),
                        Duration.ofNanos(sampled - start),
                        Duration.ofNanos(System.nanoTime() - sampled)),
                rollouts);
    }

    private record Learned(Drift drift, double loss, double gradientNorm, double clipped) {
        static final Learned NOTHING = new Learned(Drift.of(List.of(), List.of()), 0, 0, 0);
    }

    /**
     * Learns from samples, once or several times. The first time the trainer still is the policy that drew them, so the ratio is
     * 1 and every loss has the slope {@code −A}: what a fast sampler did differently needs no pass of its own.
     */
    private Learned learn(long step, List<Datum> drawn, AdamParams adam) {
        Loss loss = switch (plan.mode()) {
            case EXACT -> plan.loss();
            case FAST -> new Loss.Cispo(plan.importanceCap());
        };
        Backward first = backward(step, drawn, loss);
        OptimStep done = trainer.optimStep(adam);
        double clipped = 0;
        if (plan.passes() > 1) {
            List<Datum> data = Grpo.corrected(drawn, first.logprobs(), plan.importanceCap());
            for (int pass = 1; pass < plan.passes(); pass++) {
                clipped = clipped(data, backward(step, data, plan.loss()).logprobs());
                done = trainer.optimStep(adam);
            }
        }
        return new Learned(Drift.of(drawn, first.logprobs()), first.loss(), done.gradientNorm(), clipped);
    }

    private Backward backward(long step, List<Datum> data, Loss loss) {
        Backward backward = trainer.forwardBackward(data, loss);
        Resumable.requireFinite(backward.loss(), step, plan.learningRate());
        return backward;
    }

    /** Share of the tokens that the loss no longer moves. */
    private double clipped(List<Datum> data, List<float[]> logprobs) {
        long tokens = 0;
        long clipped = 0;
        for (int i = 0; i < data.size(); i++) {
            Draw draw = data.get(i).draw();
            float[] weights = data.get(i).weights();
            for (int position = 0; position < weights.length; position++) {
                if (weights[position] != 0) {
                    Loss.Term term = plan.loss()
                            .term(logprobs.get(i)[position], draw.behaviour()[position], draw.advantages()[position]);
                    tokens++;
                    clipped += term.slope() == 0 ? 1 : 0;
                }
            }
        }
        return (double) clipped / Math.max(1, tokens);
    }

    private List<Rollouts> sample(long step) {
        int[] chosen = chosen(step);
        List<SampleRequest> requests = new ArrayList<>();
        for (int i = 0; i < chosen.length; i++) {
            long seed = Seeds.mix(Seeds.mix(plan.seed(), step), i);
            SamplingParams params = new SamplingParams(
                    plan.maxTokens(), plan.temperature(), 0, 1, 0, List.of(), plan.stopTokens(), seed);
            Prompt prompt = prompts.get(chosen[i]);
            requests.add(new SampleRequest(prompt.tokens(), plan.samples(), params, prompt.constraint()));
        }
        List<List<Sample>> samples;
        try (Snapshot snapshot = trainer.snapshot(plan.mode())) {
            samples = snapshot.sample(requests);
        }
        List<Rollouts> rollouts = new ArrayList<>();
        for (int i = 0; i < chosen.length; i++) {
            int prompt = chosen[i];
            double[] rewards = samples.get(i).stream()
                    .mapToDouble(sample -> reward.of(prompt, sample))
                    .toArray();
            rollouts.add(new Rollouts(prompts.get(prompt), samples.get(i), rewards));
        }
        return rollouts;
    }

    /** Indices of the prompts of a step: the shuffled prompts of one epoch after another. */
    private int[] chosen(long step) {
        int count = Math.min(plan.prompts(), prompts.size());
        int[] chosen = new int[count];
        long epoch = -1;
        int[] order = {};
        for (int i = 0; i < count; i++) {
            long place = step * count + i;
            if (place / prompts.size() != epoch) {
                epoch = place / prompts.size();
                order = Shuffle.order(prompts.size(), plan.seed(), epoch);
            }
            chosen[i] = order[(int) (place % prompts.size())];
        }
        return chosen;
    }
}
