package dev.hone.algorithm;

import dev.hone.record.Sample;
import dev.hone.record.Sample.StopReason;
import java.util.List;

/**
 * The samples of a step in figures.
 *
 * @param samples number of samples
 * @param missing of these, how many nobody could judge
 * @param mean of the rewards
 * @param deviation of the rewards, with n
 * @param alike share of the prompts whose samples all have the same reward: they teach nothing
 * @param solved share of the prompts whose samples all have the highest reward, 1
 * @param failed share of the prompts whose samples all have reward 0
 * @param best mean over the prompts of the highest reward: pass@G where rewards are 0 and 1
 * @param length mean tokens of a sample
 * @param cut share of the samples that were cut off at the most tokens
 */
public record Rewards(
        int samples,
        int missing,
        double mean,
        double deviation,
        double alike,
        double solved,
        double failed,
        double best,
        double length,
        double cut) {

    static Rewards of(List<Rollouts> groups) {
        int samples = 0;
        int missing = 0;
        int cut = 0;
        long tokens = 0;
        double sum = 0;
        double squares = 0;
        double best = 0;
        int alike = 0;
        int solved = 0;
        int failed = 0;
        for (Rollouts group : groups) {
            double least = Double.POSITIVE_INFINITY;
            double most = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < group.rewards().length; i++) {
                Sample sample = group.samples().get(i);
                double reward = group.rewards()[i];
                samples++;
                tokens += sample.tokens().length;
                cut += sample.stopReason() == StopReason.LENGTH ? 1 : 0;
                if (Double.isNaN(reward)) {
                    missing++;
                    continue;
                }
                sum += reward;
                squares += reward * reward;
                least = Math.min(least, reward);
                most = Math.max(most, reward);
            }
            if (least > most) {
                continue;
            }
            best += most;
            alike += least == most ? 1 : 0;
            solved += least >= 1 ? 1 : 0;
            failed += most <= 0 ? 1 : 0;
        }
        double judged = Math.max(1, samples - missing);
        double mean = sum / judged;
        double prompts = Math.max(1, groups.size());
        return new Rewards(
                samples,
                missing,
                mean,
                Math.sqrt(Math.max(0, squares / judged - mean * mean)),
                alike / prompts,
                solved / prompts,
                failed / prompts,
                best / prompts,
                (double) tokens / Math.max(1, samples),
                (double) cut / Math.max(1, samples));
    }
}
