package dev.hone.promote;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Canaries whose calls come in episodes, of which many go on at once: an episode is one value, the mean of its calls so far, which changes while it is looked
 * at. Both sides are equal, so that whoever goes back goes back wrongly.
 */
final class EpisodeSimulation {
    private static final int CALLS = 8_000;
    private static final int AT_ONCE = 40;
    private static final int LONGEST = 30;
    private static final int LOOK = 4;

    static final CanaryPolicy POLICY = new CanaryPolicy(List.of(0.25, 0.5), 40, 0.01, 0.05, 0, false);

    private EpisodeSimulation() {}

    /** How the calls of an episode are alike. */
    enum Kind {
        /** All of an episode end in the same way. */
        ALIKE,
        /** They have nothing to do with each other. */
        INDEPENDENT,
        /** Some episodes are harder than others. */
        MIXED,
        /** The longer an episode, the harder. */
        FADING,
        /** What is said last counts, so that a value jumps from one end to the other. */
        TAKEN_BACK
    }

    /** An episode that goes on. */
    private static final class Episode {
        private final boolean candidate;
        private final int length;
        private final int stage;
        private final double hard;
        private int calls;
        private double sum;

        Episode(boolean candidate, int length, int stage, double hard) {
            this.candidate = candidate;
            this.length = length;
            this.stage = stage;
            this.hard = hard;
        }
    }

    /** @return how many of the canaries were rolled back */
    static int rolledBack(int canaries, Kind kind, CanarySimulation.Judge judge, long seed) {
        Random random = new Random(seed);
        int back = 0;
        for (int i = 0; i < canaries; i++) {
            back += isRolledBack(kind, judge, random) ? 1 : 0;
        }
        return back;
    }

    private static boolean isRolledBack(Kind kind, CanarySimulation.Judge judge, Random random) {
        // Of each stage: count and sum of the others, count and sum of the candidate.
        List<double[]> stages = new ArrayList<>(List.of(new double[4]));
        List<Episode> open = new ArrayList<>();
        for (int call = 0; call < CALLS; call++) {
            if (open.size() < AT_ONCE) {
                int stage = stages.size() - 1;
                open.add(new Episode(
                        random.nextDouble() < POLICY.shares().get(stage),
                        1 + random.nextInt(LONGEST),
                        stage,
                        random.nextDouble()));
            }
            Episode one = open.get(random.nextInt(open.size()));
            add(one, value(one, kind, random), stages, kind);
            if (one.calls == one.length) {
                open.remove(one);
            }
            if (call % LOOK == 0) {
                List<Split> splits = stages.stream()
                        .map(sums -> new Split(tally(sums[0], sums[1]), tally(sums[2], sums[3])))
                        .toList();
                Decision decision = judge.decide(stages.size() - 1, splits);
                if (decision instanceof Decision.RollBack) {
                    return true;
                }
                if (decision instanceof Decision.Advance) {
                    stages.add(new double[4]);
                }
            }
        }
        return false;
    }

    private static Tally tally(double count, double sum) {
        return new Tally(Math.round(count), Math.clamp(sum, 0, count));
    }

    private static double value(Episode one, Kind kind, Random random) {
        double mean = switch (kind) {
            case ALIKE -> one.hard < 0.8 ? 1 : 0;
            case INDEPENDENT, TAKEN_BACK -> 0.8;
            case MIXED -> 0.6 + 0.4 * one.hard;
            case FADING -> 0.95 - 0.02 * one.calls;
        };
        return random.nextDouble() < mean ? 1 : 0;
    }

    /** What comes after the end of its stage does not count. */
    private static void add(Episode one, double value, List<double[]> stages, Kind kind) {
        double before = one.calls == 0 ? 0 : one.sum / one.calls;
        boolean fresh = one.calls == 0;
        one.calls++;
        one.sum = kind == Kind.TAKEN_BACK ? one.calls * value : one.sum + value;
        if (one.stage == stages.size() - 1) {
            double[] sums = stages.get(one.stage);
            int at = one.candidate ? 2 : 0;
            sums[at] += fresh ? 1 : 0;
            sums[at + 1] += one.sum / one.calls - before;
        }
    }

    /** Who takes each look for the only one. */
    static CanarySimulation.Judge peeking() {
        return (step, splits) -> {
            Decision alone = CanarySimulation.peeking().decide(0, splits);
            return alone instanceof Decision.RollBack ? alone : policy().decide(step, splits);
        };
    }

    static CanarySimulation.Judge policy() {
        return (step, splits) -> POLICY.decide(step, List.of(new Compared(Measure.ANSWERED, splits)));
    }
}
