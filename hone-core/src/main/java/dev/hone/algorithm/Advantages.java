package dev.hone.algorithm;

/** How much better a sample of a group was than expected. R = rewards of a group, NaN where nobody could judge. */
public enum Advantages {
    /** {@code (R − mean) / (std + 1e-4)}, std with n − 1: GRPO (Shao et al. 2024) and DAPO (Yu et al. 2025). */
    STANDARDISED {
        @Override
        double of(double reward, Group group) {
            return (reward - group.mean) / (group.deviation + 1e-4);
        }
    },
    /** {@code R − mean}: Dr.GRPO (Liu et al. 2025), where hard and easy tasks do not weigh more. */
    CENTRED {
        @Override
        double of(double reward, Group group) {
            return reward - group.mean;
        }
    },
    /** {@code R − mean of the others}: RLOO (Ahmadian et al. 2024). */
    LEAVE_ONE_OUT {
        @Override
        double of(double reward, Group group) {
            return (reward - group.mean) * group.count / (group.count - 1);
        }
    };

    abstract double of(double reward, Group group);

    /**
     * Advantages of a group.
     *
     * @param rewards NaN where nobody could judge: not part of the baseline, advantage 0
     * @return all 0 where fewer than two were judged, or all alike
     */
    public double[] of(double[] rewards) {
        double[] advantages = new double[rewards.length];
        Group group = new Group(rewards);
        if (group.teaches()) {
            for (int i = 0; i < rewards.length; i++) {
                advantages[i] = Double.isNaN(rewards[i]) ? 0 : of(rewards[i], group);
            }
        }
        return advantages;
    }

    /** What the judged rewards of a group have in common. */
    static final class Group {
        private final int count;
        private final double mean;
        private final double deviation;
        private final boolean alike;

        Group(double[] rewards) {
            double sum = 0;
            double least = Double.POSITIVE_INFINITY;
            double most = Double.NEGATIVE_INFINITY;
            int judged = 0;
            for (double reward : rewards) {
                if (!Double.isNaN(reward)) {
                    sum += reward;
                    least = Math.min(least, reward);
                    most = Math.max(most, reward);
                    judged++;
                }
            }
            count = judged;
            mean = sum / judged;
            alike = !(most > least);
            double squares = 0;
            for (double reward : rewards) {
                squares += Double.isNaN(reward) ? 0 : (reward - mean) * (reward - mean);
            }
            deviation = Math.sqrt(squares / (judged - 1));
        }

        /** Whether its samples differ in reward. */
        boolean teaches() {
            return count > 1 && !alike;
        }
    }
}
