package dev.hone.promote;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;

/** Canaries whose truth is known, judged after every call, from the first step to their end. */
final class CanarySimulation {
    /** Calls of the use case after which a canary that has not ended is left. */
    static final int CALLS = 8_000;

    static final CanaryPolicy POLICY = new CanaryPolicy(List.of(0.05, 0.1, 0.25), 100, 0.01, 0.05, 0, true);

    /** The same, which waits for a person, so that it is looked at to the end. */
    private static final CanaryPolicy WAITING = new CanaryPolicy(POLICY.shares(), 100, 0.01, 0.05, 0, false);

    /** Who decides, after every call. */
    interface Judge {
        Decision decide(int step, List<Split> splits);
    }

    /**
     * How some canaries ended.
     *
     * @param rolledBack calls of the candidate until that
     */
    record Ends(int canaries, List<Long> rolledBack, int promoted) {
        double median() {
            List<Long> sorted = rolledBack.stream().sorted().toList();
            return sorted.get(sorted.size() / 2);
        }
    }

    private CanarySimulation() {}

    /**
     * Runs canaries.
     *
     * @param live the live version's mean, by the share of the calls that are over
     * @param difference the candidate's mean less that
     */
    static Ends run(int canaries, DoubleUnaryOperator live, double difference, Judge judge, long seed) {
        return run(canaries, POLICY.shares(), live, difference, judge, seed);
    }

    static Ends run(
            int canaries, List<Double> shares, DoubleUnaryOperator live, double difference, Judge judge, long seed) {
        Random random = new Random(seed);
        List<Long> rolledBack = new ArrayList<>();
        int promoted = 0;
        for (int canary = 0; canary < canaries; canary++) {
            switch (run(shares, live, difference, judge, random, rolledBack)) {
                case Decision.Promote ignored -> promoted++;
                case Decision ignored -> {}
            }
        }
        return new Ends(canaries, rolledBack, promoted);
    }

    private static Decision run(
            List<Double> shares,
            DoubleUnaryOperator live,
            double difference,
            Judge judge,
            Random random,
            List<Long> rolledBack) {
        int step = 0;
        long candidates = 0;
        List<Split> splits = new ArrayList<>(List.of(new Split(Tally.NONE, Tally.NONE)));
        Decision decision = new Decision.Hold("");
        for (int call = 0; call < CALLS; call++) {
            boolean candidate = random.nextDouble() < shares.get(step);
            double mean = live.applyAsDouble((double) call / CALLS) + (candidate ? difference : 0);
            double value = random.nextDouble() < mean ? 1 : 0;
            Split split = splits.removeLast();
            splits.add(
                    candidate
                            ? new Split(split.first(), split.second().plus(value))
                            : new Split(split.first().plus(value), split.second()));
            candidates += candidate ? 1 : 0;
            decision = judge.decide(step, splits);
            switch (decision) {
                case Decision.Advance next -> {
                    step = next.step();
                    splits.add(new Split(Tally.NONE, Tally.NONE));
                }
                case Decision.RollBack ignored -> {
                    rolledBack.add(candidates);
                    return decision;
                }
                case Decision.Promote ignored -> {
                    return decision;
                }
                case Decision.Hold ignored -> {}
                case Decision.Ready ignored -> {}
            }
        }
        return decision;
    }

    static Judge policy() {
        return (step, splits) -> POLICY.decide(step, List.of(new Compared(Measure.QUALITY, splits)));
    }

    /** @param others measures beside, in which all calls are alike: alpha is divided among all */
    static Judge of(CanaryPolicy policy, int others) {
        return (step, splits) -> {
            List<Compared> measures = new ArrayList<>();
            for (int i = 0; i < others; i++) {
                measures.add(new Compared(
                        Measure.ANSWERED,
                        splits.stream().map(CanarySimulation::ones).toList()));
            }
            measures.add(new Compared(Measure.QUALITY, splits));
            return policy.decide(step, measures);
        };
    }

    private static Split ones(Split split) {
        return new Split(
                new Tally(split.first().count(), split.first().count()),
                new Tally(split.second().count(), split.second().count()));
    }

    /** Who takes each look for the only one: the usual interval for a difference of means, with the same level. */
    static Judge peeking() {
        return (step, splits) -> {
            Tally live = sum(splits.stream().map(Split::first).toList());
            Tally candidate = sum(splits.stream().map(Split::second).toList());
            double error = Math.sqrt(variance(live) + variance(candidate));
            boolean worse = live.count() >= 30
                    && candidate.count() >= 30
                    && candidate.mean() - live.mean() + 2.5758 * error < 0;
            return worse
                    ? new Decision.RollBack(Measure.QUALITY, new ConfidenceSequence(0.01).difference(splits))
                    : WAITING.decide(step, List.of(new Compared(Measure.QUALITY, splits)));
        };
    }

    private static double variance(Tally tally) {
        return tally.mean() * (1 - tally.mean()) / tally.count();
    }

    private static Tally sum(List<Tally> tallies) {
        Tally sum = Tally.NONE;
        for (Tally tally : tallies) {
            sum = new Tally(sum.count() + tally.count(), sum.sum() + tally.sum());
        }
        return sum;
    }

    /** Who does not tell splits apart. */
    static Judge together() {
        return (step, splits) -> {
            Split all = new Split(
                    sum(splits.stream().map(Split::first).toList()),
                    sum(splits.stream().map(Split::second).toList()));
            Decision apart = POLICY.decide(step, List.of(new Compared(Measure.QUALITY, splits)));
            return new ConfidenceSequence(0.01).isWorse(List.of(all), 0)
                    ? new Decision.RollBack(Measure.QUALITY, new ConfidenceSequence(0.01).difference(List.of(all)))
                    : apart;
        };
    }
}
