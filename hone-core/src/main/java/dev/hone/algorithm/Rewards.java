package dev.hone.algorithm;

import dev.hone.record.Sample;
import dev.hone.record.Sample.StopReason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The samples of a step in figures. Right is what has the grader's whole score, whatever its reward.
 *
 * @param samples number of samples
 * @param missing of these, how many nobody could judge
 * @param reward of those that were judged
 * @param parts of their grades, by name
 * @param alike share of the prompts whose samples all have the same reward: they teach nothing
 * @param solved share of the prompts whose samples are all right
 * @param failed share of the prompts whose samples all have score 0
 * @param best mean over the prompts of the highest reward
 * @param passAt probability that of k samples of a prompt one is right, by k: 1, 2, 4 and so on, and all of them; estimated
 *     without bias from all samples (Chen et al. 2021)
 * @param length mean tokens of a sample
 * @param endedLength of those that came to an end; NaN where none did
 * @param cutLength of those that were cut off at the most tokens; NaN where none was
 * @param cut share of the samples that were cut off
 */
public record Rewards(
        int samples,
        int missing,
        Spread reward,
        Map<String, Spread> parts,
        double alike,
        double solved,
        double failed,
        double best,
        Map<Integer, Double> passAt,
        double length,
        double endedLength,
        double cutLength,
        double cut) {

    static Rewards of(List<Rollouts> groups) {
        List<Sample> samples =
                groups.stream().flatMap(group -> group.samples().stream()).toList();
        List<Sample> cut = samples.stream()
                .filter(sample -> sample.stopReason() == StopReason.LENGTH)
                .toList();
        List<Sample> ended = samples.stream()
                .filter(sample -> sample.stopReason() != StopReason.LENGTH)
                .toList();
        // What nobody could judge says nothing of its prompt.
        List<List<Judgment>> judged = groups.stream()
                .map(group -> group.judgments().stream()
                        .filter(judgment -> !judgment.isMissing())
                        .toList())
                .toList();
        List<Judgment> all = judged.stream().flatMap(List::stream).toList();
        List<List<Judgment>> known =
                judged.stream().filter(group -> !group.isEmpty()).toList();
        double prompts = Math.max(1, groups.size());
        return new Rewards(
                samples.size(),
                samples.size() - all.size(),
                spread(all),
                parts(all),
                known.stream()
                                .map(Rewards::spread)
                                .filter(one -> one.least() == one.most())
                                .count()
                        / prompts,
                known.stream()
                                .filter(group -> group.stream().allMatch(Judgment::isRight))
                                .count()
                        / prompts,
                known.stream()
                                .filter(group -> group.stream()
                                        .allMatch(one -> one.grade().score() == 0))
                                .count()
                        / prompts,
                known.stream().mapToDouble(group -> spread(group).most()).sum() / prompts,
                passAt(known),
                length(samples),
                length(ended),
                length(cut),
                (double) cut.size() / Math.max(1, samples.size()));
    }

    private static Spread spread(Collection<Judgment> judgments) {
        return Spread.of(judgments.stream().map(Judgment::reward).toList());
    }

    private static Map<String, Spread> parts(List<Judgment> judgments) {
        Map<String, List<Double>> values = new TreeMap<>();
        for (Judgment judgment : judgments) {
            judgment.grade()
                    .parts()
                    .forEach((name, value) -> values.computeIfAbsent(name, any -> new ArrayList<>())
                            .add(value));
        }
        Map<String, Spread> parts = new TreeMap<>();
        values.forEach((name, all) -> parts.put(name, Spread.of(all)));
        return parts;
    }

    private static Map<Integer, Double> passAt(List<List<Judgment>> groups) {
        int most = groups.stream().mapToInt(List::size).max().orElse(0);
        Map<Integer, Double> passAt = new TreeMap<>();
        for (int k = 1; k < most; k *= 2) {
            passAt.put(k, passAt(groups, k));
        }
        if (most > 0) {
            passAt.put(most, passAt(groups, most));
        }
        return passAt;
    }

    /** Over the prompts of which enough samples were judged. */
    private static double passAt(List<List<Judgment>> groups, int k) {
        return groups.stream()
                .filter(group -> group.size() >= k)
                .mapToDouble(group -> {
                    long wrong = group.stream().filter(one -> !one.isRight()).count();
                    double allWrong = 1;
                    for (int i = 0; i < k; i++) {
                        allWrong *= Math.max(0, wrong - i) / (double) (group.size() - i);
                    }
                    return 1 - allWrong;
                })
                .average()
                .orElse(Double.NaN);
    }

    private static double length(List<Sample> samples) {
        return samples.stream()
                .mapToInt(sample -> sample.tokens().length)
                .average()
                .orElse(Double.NaN);
    }
}
