package dev.hone.record;

/**
 * The parameters of one AdamW step.
 *
 * @param learningRate step size
 * @param beta1 decay of the first moment
 * @param beta2 decay of the second moment
 * @param epsilon added to the root of the second moment
 * @param weightDecay decoupled weight decay, multiplied by the learning rate
 * @param maxGradientNorm global L2 norm above which gradients are scaled down; 0 means no clipping
 */
public record AdamParams(
        double learningRate, double beta1, double beta2, double epsilon, double weightDecay, double maxGradientNorm) {
    public AdamParams {
        if (!(learningRate >= 0) || !(epsilon > 0) || !(weightDecay >= 0) || !(maxGradientNorm >= 0)) {
            throw new IllegalArgumentException("AdamW needs finite, non-negative values: " + learningRate + ", "
                    + epsilon + ", " + weightDecay + ", " + maxGradientNorm);
        }
        if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1)) {
            throw new IllegalArgumentException("AdamW's betas must be in [0, 1): [" + beta1 + "], [" + beta2 + "]");
        }
    }

    /** PyTorch's defaults with clipping at norm 1 and no weight decay. */
    public static AdamParams of(double learningRate) {
        return new AdamParams(learningRate, 0.9, 0.999, 1e-8, 0, 1);
    }
}
