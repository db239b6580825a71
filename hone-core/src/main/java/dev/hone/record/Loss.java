package dev.hone.record;

/**
 * A token-separable training loss: the sum of a term over the positions of a batch, each times its {@link Datum#weights}.
 * ℓ = log-probability of the target, r = exp(ℓ − ℓ when it was drawn), A = advantage.
 */
public sealed interface Loss {
    /** Log-ratios beyond this are cut off, where the slope is 0: exp of more would swamp the sum. */
    double MOST_LOG_RATIO = 20;

    /** The loss at one position before its weight. */
    Term term(double logprob, double behaviour, double advantage);

    /** Whether {@link Datum#draw} must say how the targets were drawn. */
    boolean needsDraw();

    /**
     * A term and its derivative.
     *
     * @param value of the loss
     * @param slope by the log-probability
     */
    record Term(double value, double slope) {}

    /** {@code −ℓ}. */
    record CrossEntropy() implements Loss {
        @Override
        public Term term(double logprob, double behaviour, double advantage) {
            return new Term(-logprob, -1);
        }

        @Override
        public boolean needsDraw() {
            return false;
        }
    }

    /** {@code −r · A} (REINFORCE with importance sampling). */
    record ImportanceSampling() implements Loss {
        @Override
        public Term term(double logprob, double behaviour, double advantage) {
            double value = -ratio(logprob, behaviour) * advantage;
            return new Term(value, cutOff(logprob, behaviour) ? 0 : value);
        }

        @Override
        public boolean needsDraw() {
            return true;
        }
    }

    /**
     * {@code −min(r · A, clip(r, 1 − low, 1 + high) · A)} (Schulman et al. 2017), for A below 0 not above {@code −dual · A}
     * (Ye et al. 2020).
     *
     * @param low in [0, 1]
     * @param high at least 0; 0.28 beside 0.2 is DAPO's (Yu et al. 2025)
     * @param dual above 1 + high
     */
    record Ppo(double low, double high, double dual) implements Loss {
        public Ppo {
            if (!(low >= 0 && low <= 1 && high >= 0 && high < Double.POSITIVE_INFINITY && dual > 1 + high)) {
                throw new IllegalArgumentException(
                        "Clipping needs low in [0, 1], high >= 0 and dual > 1 + high, not [%s], [%s], [%s]"
                                .formatted(low, high, dual));
            }
        }

        @Override
        public Term term(double logprob, double behaviour, double advantage) {
            double ratio = ratio(logprob, behaviour);
            boolean clipped = advantage >= 0 ? ratio > 1 + high : ratio < 1 - low || ratio > dual;
            double bounded = Math.clamp(ratio, advantage >= 0 ? 0 : 1 - low, advantage >= 0 ? 1 + high : dual);
            double value = -bounded * advantage;
            return new Term(value, clipped || cutOff(logprob, behaviour) ? 0 : value);
        }

        @Override
        public boolean needsDraw() {
            return true;
        }
    }

    /**
     * {@code −min(r, cap) · A · ℓ} with a constant first factor (MiniMax 2025): no token is silenced.
     *
     * @param cap above 0
     */
    record Cispo(double cap) implements Loss {
        public Cispo {
            if (!(cap > 0)) {
                throw new IllegalArgumentException("The cap of importance weights must be above 0, not [" + cap + "]");
            }
        }

        @Override
        public Term term(double logprob, double behaviour, double advantage) {
            double slope = -Math.min(ratio(logprob, behaviour), cap) * advantage;
            return new Term(slope * logprob, slope);
        }

        @Override
        public boolean needsDraw() {
            return true;
        }
    }

    private static double ratio(double logprob, double behaviour) {
        return Math.exp(Math.clamp(logprob - behaviour, -MOST_LOG_RATIO, MOST_LOG_RATIO));
    }

    private static boolean cutOff(double logprob, double behaviour) {
        return Math.abs(logprob - behaviour) > MOST_LOG_RATIO;
    }
}
