package dev.hone.algorithm;

/**
 * How the learning rate moves over a run: the formulas of transformers' {@code get_scheduler} (the first warm-up step has
 * rate 0).
 */
public enum Schedule {
    /** The full rate after the warm-up. */
    CONSTANT {
        @Override
        double afterWarmup(double progress) {
            return 1;
        }
    },
    /** Down to 0 in a line. */
    LINEAR {
        @Override
        double afterWarmup(double progress) {
            return Math.max(0, 1 - progress);
        }
    },
    /** Down to 0 along half a cosine. */
    COSINE {
        @Override
        double afterWarmup(double progress) {
            return Math.max(0, 0.5 * (1 + Math.cos(Math.PI * progress)));
        }
    };

    abstract double afterWarmup(double progress);

    /**
     * Factor of the learning rate.
     *
     * @param step counted from 0
     * @param warmup number of steps over which the rate rises from 0
     * @param steps of the whole run
     */
    public double factor(long step, long warmup, long steps) {
        if (step < warmup) {
            return (double) step / warmup;
        }
        return afterWarmup((double) (step - warmup) / Math.max(1, steps - warmup));
    }
}
