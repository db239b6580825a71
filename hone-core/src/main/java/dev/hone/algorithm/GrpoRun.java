package dev.hone.algorithm;

import dev.hone.record.AdamParams;
import dev.hone.record.Datum;
import dev.hone.record.Loss;
import dev.hone.record.Sample;
import dev.hone.record.SampleRequest;
import dev.hone.record.SamplingMode;
import dev.hone.record.SamplingParams;
import dev.hone.record.Seeds;
import dev.hone.record.Snapshot;
import dev.hone.record.TrainingClient;
import dev.hone.record.TrainingClient.Backward;
import dev.hone.record.TrainingClient.Sharing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

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
    private final @Nullable Reference reference;

    /** Whether the trainer was found to compute the same whether beginnings are shared or not. */
    private boolean compared;

    /** Of the checkpoint that was left since the last step. */
    private Duration checkpoint = Duration.ZERO;

    /** The policy that a run must stay near. */
    @FunctionalInterface
    public interface Reference {
        /** As {@link TrainingClient#forward}. */
        List<float[]> logprobs(List<Datum> data);
    }

    /** What a sample is worth. */
    @FunctionalInterface
    public interface Reward {
        Judgment of(int prompt, Sample sample);
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
        this(prompts, reward, trainer, plan, checkpoints, checkpointEvery, settings, null);
    }

    /**
     * As the other, near a reference.
     *
     * @param reference null where {@link GrpoPlan#klWeight} is 0
     */
    public GrpoRun(
            List<Prompt> prompts,
            Reward reward,
            TrainingClient trainer,
            GrpoPlan plan,
            Checkpoints checkpoints,
            Duration checkpointEvery,
            Map<String, String> settings,
            @Nullable Reference reference) {
        if (plan.klWeight() > 0 && reference == null) {
            throw new IllegalArgumentException(
                    "kl is [%s], and there is no reference to stay near".formatted(plan.klWeight()));
        }
        if (prompts.isEmpty()) {
            throw new IllegalArgumentException("There is nothing to sample: no prompt is left");
        }
        this.prompts = List.copyOf(prompts);
        this.reward = reward;
        this.trainer = trainer;
        this.plan = plan;
        this.reference = reference;
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
        return resumable.run(
                from,
                plan.steps(),
                step -> take(step, listener),
                (folder, step, took) -> {
                    checkpoint = took;
                    listener.saved(folder, step);
                },
                stop);
    }

    private void take(long step, GrpoListener listener) {
        long start = System.nanoTime();
        List<Rollouts> rollouts = sample(step);
        long sampled = System.nanoTime();
        Sharing sharing = compared ? null : sharing(rollouts);
        AdamParams adam = plan.adam(step);
        Learned learned = learn(step, rollouts, adam);
        listener.stepped(
                new GrpoListener.Step(
                        step + 1,
                        plan.steps(),
                        Rewards.of(rollouts),
                        Grpo.advantages(rollouts, plan),
                        learned.drift(),
                        learned.klToReference(),
                        learned.loss(),
                        learned.gradientNorm(),
                        learned.clipped(),
                        adam.learningRate(),
                        sharing,
                        Duration.ofNanos(sampled - start),
                        Duration.ofNanos(System.nanoTime() - sampled),
                        checkpoint),
                rollouts);
        checkpoint = Duration.ZERO;
    }

    /**
     * The answers to one task begin with the same prompt, which is computed once: looks whether they teach the same as when each is
     * computed by itself.
     *
     * @return null where no task has two answers to learn from
     * @throws ArithmeticException where they do not
     */
    private @Nullable Sharing sharing(List<Rollouts> rollouts) {
        for (Rollouts group : rollouts) {
            List<Datum> data = Grpo.data(List.of(group), plan);
            if (data.size() > 1) {
                Sharing sharing = trainer.sharing(data);
                if (!sharing.holds()) {
                    throw new ArithmeticException(
                            "Answers to one task, computed together, differ from the same computed one by one: log-probabilities by [%.1e] nats and the gradient by [%.1e] of its size, where rounding explains [%.0e]: nothing was learned from them; this machine's libraries or Hone are at fault, and hone doctor says which they are"
                                    .formatted(sharing.logprobs(), sharing.gradient(), sharing.tolerance()));
                }
                compared = true;
                return sharing;
            }
        }
        return null;
    }

    private record Learned(Drift drift, double klToReference, double loss, double gradientNorm, Clipped clipped) {
        static final Learned NOTHING = new Learned(Drift.of(List.of(), List.of()), 0, 0, 0, Clipped.NONE);
    }

    /**
     * Learns from samples. With one update the trainer still is the policy that drew them, so the ratio is 1 and every loss has
     * the slope {@code −A}: what a fast sampler did differently then needs no forward pass of its own.
     */
    private Learned learn(long step, List<Rollouts> rollouts, AdamParams adam) {
        List<List<Datum>> parts = parts(rollouts);
        double klToReference = 0;
        if (reference != null && plan.klWeight() > 0) {
            List<Datum> all = parts.stream().flatMap(List::stream).toList();
            List<float[]> near = reference.logprobs(all);
            klToReference = mean(all, near);
            parts = cut(Grpo.penalised(all, near, plan.klWeight()), parts);
        }
        List<Datum> drawn = parts.stream().flatMap(List::stream).toList();
        if (drawn.isEmpty()) {
            return Learned.NOTHING;
        }
        boolean once = plan.passes() == 1 && parts.size() == 1;
        boolean exact = plan.mode() == SamplingMode.EXACT;
        List<float[]> before = once ? List.of() : trainer.forward(drawn).logprobs();
        List<Datum> data = once || exact ? drawn : Grpo.corrected(drawn, before, plan.importanceCap());
        Loss loss = once && !exact ? new Loss.Cispo(plan.importanceCap()) : plan.loss();
        List<float[]> first = new ArrayList<>();
        double value = 0;
        double norm = 0;
        Clipped clipped = Clipped.NONE;
        double share = 1.0 / (plan.passes() * parts.size());
        for (int pass = 0; pass < plan.passes(); pass++) {
            int from = 0;
            for (List<Datum> part : parts) {
                List<Datum> learned = data.subList(from, from + part.size());
                from += part.size();
                Backward backward = backward(step, learned, loss);
                norm = trainer.optimStep(adam).gradientNorm();
                value += share * backward.loss();
                if (!once) {
                    clipped = clipped.plus(Clipped.of(plan.loss(), learned, backward.logprobs()), share);
                }
                if (pass == 0) {
                    first.addAll(backward.logprobs());
                }
            }
        }
        return new Learned(Drift.of(drawn, before.isEmpty() ? first : before), klToReference, value, norm, clipped);
    }

    /** Mean difference of the sampler's log-probabilities from others, a trained token. */
    private static double mean(List<Datum> data, List<float[]> others) {
        double sum = 0;
        long tokens = 0;
        for (int i = 0; i < data.size(); i++) {
            float[] weights = data.get(i).weights();
            for (int position = 0; position < weights.length; position++) {
                if (weights[position] != 0) {
                    sum += data.get(i).draw().behaviour()[position] - others.get(i)[position];
                    tokens++;
                }
            }
        }
        return sum / Math.max(1, tokens);
    }

    /** A list in parts of the same sizes as others. */
    private static List<List<Datum>> cut(List<Datum> data, List<List<Datum>> like) {
        List<List<Datum>> parts = new ArrayList<>();
        int from = 0;
        for (List<Datum> part : like) {
            parts.add(data.subList(from, from + part.size()));
            from += part.size();
        }
        return parts;
    }

    /** The data of each update: groups stay whole, and what teaches nothing makes none. */
    private List<List<Datum>> parts(List<Rollouts> rollouts) {
        int updates = Math.min(plan.updates(), rollouts.size());
        List<List<Datum>> parts = new ArrayList<>();
        for (int update = 0; update < updates; update++) {
            int from = update * rollouts.size() / updates;
            int to = (update + 1) * rollouts.size() / updates;
            List<Datum> part = Grpo.data(rollouts.subList(from, to), plan);
            if (!part.isEmpty()) {
                parts.add(part);
            }
        }
        return parts;
    }

    private Backward backward(long step, List<Datum> data, Loss loss) {
        Backward backward = trainer.forwardBackward(data, loss);
        Resumable.requireFinite(backward.loss(), step, plan.learningRate());
        return backward;
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
            List<Judgment> judgments = samples.get(i).stream()
                    .map(sample -> reward.of(prompt, sample))
                    .toList();
            rollouts.add(new Rollouts(prompts.get(prompt), samples.get(i), judgments));
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
