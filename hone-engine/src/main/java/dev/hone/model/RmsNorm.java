package dev.hone.model;

import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * {@code y = g · x / sqrt(mean(x²) + ε)} over the last dimension (Zhang and Sennrich 2019), and its gradient.
 *
 * @param weight g. Shape: (width)
 * @param gradient where g's gradient is added, or null when g is frozen
 * @param epsilon ε
 */
public record RmsNorm(Tensor weight, @Nullable Tensor gradient, double epsilon) {
    private static final long[] LAST = {-1};
    private static final ScalarTypeOptional SAME_TYPE = kept(new ScalarTypeOptional());
    private static final Scalar MINUS_ONE = kept(new Scalar(-1.0));
    private static final Scalar TWO = kept(new Scalar(2.0));

    /** Inverse root mean square of each row. Shape: (…, width) → (…, 1) */
    public Tensor scale(Tensor x) {
        Tensor norm = torch.linalg_vector_norm(x, TWO, LAST, true, SAME_TYPE);
        return norm.square_()
                .mul_(new Scalar(1.0 / x.size(-1)))
                .add_(new Scalar(epsilon))
                .rsqrt_();
    }

    /** The output, given {@link #scale}. */
    public Tensor apply(Tensor x, Tensor scale) {
        return x.mul(scale).mul_(weight);
    }

    /**
     * The gradient of x, written into the gradient of y; adds g's gradient.
     *
     * @param dy gradient of the output; is overwritten
     */
    public Tensor backward(Tensor dy, Tensor x, Tensor scale) {
        if (gradient != null) {
            Tensor perRow = dy.mul(x).mul_(scale);
            gradient.add_(perRow.view(-1, x.size(-1)).sum(0));
        }
        dy.mul_(weight);
        Tensor shared = dy.mul(x).sum(LAST, true, SAME_TYPE);
        shared.mul_(scale.pow(new Scalar(3.0))).mul_(new Scalar(1.0 / x.size(-1)));
        return dy.mul_(scale).addcmul_(x, shared, MINUS_ONE);
    }

    /** A norm that is not trained. */
    public static RmsNorm frozen(Tensor weight, double epsilon) {
        return new RmsNorm(weight, null, epsilon);
    }

    private static <P extends Pointer> P kept(P constant) {
        constant.retainReference();
        return constant;
    }
}
