package dev.hone.algorithm;

import dev.hone.record.Datum;
import dev.hone.record.Draw;
import dev.hone.record.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Group-relative policy optimisation as data: the samples of a prompt are each other's baseline. Samples that teach nothing,
 * because their advantage is 0, are counted in the scale of the loss but not computed, unless a reference holds the policy:
 * then they teach to stay near it.
 */
public final class Grpo {
    private Grpo() {}

    /** The data of some groups. The ids are those that the sampler drew; nothing is tokenised again. */
    public static List<Datum> data(List<Rollouts> groups, GrpoPlan plan) {
        long samples = 0;
        long tokens = 0;
        for (Rollouts group : groups) {
            double[] rewards = group.rewards();
            for (int i = 0; i < rewards.length; i++) {
                if (!Double.isNaN(rewards[i])) {
                    samples++;
                    tokens += group.samples().get(i).tokens().length;
                }
            }
        }
        boolean held = plan.klWeight() > 0;
        List<Datum> data = new ArrayList<>();
        for (Rollouts group : groups) {
            double[] rewards = group.rewards();
            double[] values = plan.advantages().of(rewards);
            for (int i = 0; i < values.length; i++) {
                if (values[i] != 0 || held && !Double.isNaN(rewards[i])) {
                    Sample sample = group.samples().get(i);
                    double weight =
                            plan.normalisation().weight(sample.tokens().length, samples, tokens, plan.maxTokens());
                    data.add(datum(group.prompt(), sample, values[i], weight, plan));
                }
            }
        }
        return data;
    }

    /** How much better than expected samples were that were judged, before what a reference costs. */
    static Spread advantages(List<Rollouts> groups, GrpoPlan plan) {
        List<Double> judged = new ArrayList<>();
        for (Rollouts group : groups) {
            double[] rewards = group.rewards();
            double[] values = plan.advantages().of(rewards);
            for (int i = 0; i < values.length; i++) {
                if (!Double.isNaN(rewards[i])) {
                    judged.add(values[i]);
                }
            }
        }
        return Spread.of(judged);
    }

    /** The last token of the prompt predicts the first of the sample, and so on. */
    private static Datum datum(Prompt start, Sample sample, double advantage, double weight, GrpoPlan plan) {
        int[] prompt = start.tokens();
        int drawn = sample.tokens().length;
        int first = prompt.length - 1;
        int[] all = Arrays.copyOf(prompt, prompt.length + drawn);
        System.arraycopy(sample.tokens(), 0, all, prompt.length, drawn);
        int length = all.length - 1;
        float[] weights = new float[length];
        float[] behaviour = new float[length];
        float[] advantages = new float[length];
        Arrays.fill(weights, first, length, (float) weight);
        Arrays.fill(advantages, first, length, (float) advantage);
        System.arraycopy(sample.logprobs(), 0, behaviour, first, drawn);
        return new Datum(
                Arrays.copyOf(all, length),
                Arrays.copyOfRange(all, 1, length + 1),
                weights,
                new Draw(behaviour, advantages, plan.temperature(), start.constraint(), plan.stopTokens()));
    }

    /**
     * Data whose tokens cost what they are more probable than under a reference: the advantage of each is less by {@code weight ·
     * (ℓ − ℓ_ref)}, the estimate k1 of KL(policy ‖ reference) in the reward (Schulman 2020), which is unbiased where the same in
     * the loss is not.
     *
     * @param reference log-probabilities
     */
    static List<Datum> penalised(List<Datum> data, List<float[]> reference, double weight) {
        List<Datum> penalised = new ArrayList<>(data.size());
        for (int i = 0; i < data.size(); i++) {
            Datum datum = data.get(i);
            float[] advantages = datum.draw().advantages().clone();
            for (int position = 0; position < advantages.length; position++) {
                if (datum.weights()[position] != 0) {
                    advantages[position] -= (float) (weight
                            * (datum.draw().behaviour()[position] - reference.get(i)[position]));
                }
            }
            penalised.add(new Datum(
                    datum.tokens(),
                    datum.targets(),
                    datum.weights(),
                    datum.draw().withAdvantages(advantages)));
        }
        return penalised;
    }

    /**
     * Data of a sampler that is not quite the trainer: the trainer's log-probabilities become those of the draw, and each
     * token's weight is multiplied by the ratio of both, cut off above (truncated importance sampling, Yao et al. 2025).
     *
     * @param logprobs the trainer's, before its first step on these data
     * @param cap above 0
     */
    public static List<Datum> corrected(List<Datum> data, List<float[]> logprobs, double cap) {
        List<Datum> corrected = new ArrayList<>(data.size());
        for (int i = 0; i < data.size(); i++) {
            Datum datum = data.get(i);
            float[] weights = datum.weights().clone();
            for (int position = 0; position < weights.length; position++) {
                if (weights[position] != 0) {
                    double ratio =
                            Math.exp(logprobs.get(i)[position] - datum.draw().behaviour()[position]);
                    weights[position] *= (float) Math.min(ratio, cap);
                }
            }
            corrected.add(new Datum(
                    datum.tokens(), datum.targets(), weights, datum.draw().withBehaviour(logprobs.get(i))));
        }
        return corrected;
    }
}
