package dev.hone.tensor;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Linear layers in int8: one scale for each output row of the weight and for each row of the activations. libtorch's operator
 * has one scale for all activations; the hidden states of a prompt's first token are hundreds of times larger than the others
 * and would leave these no precision, so rows are brought to the same size before it and back after it.
 *
 * <p>Processors with VNNI instructions add products of eight-bit numbers in 32 bits. Others add two of them in 16 bits first,
 * which overflows in silence: there, activations have seven bits. {@link #saturates} finds out by computing.
 */
public final class Int8 {
    private static final OperatorHandle PACK = Operators.find("quantized::linear_prepack", "");
    private static final OperatorHandle LINEAR = Operators.find("quantized::linear_dynamic", "");

    private static final long[] LAST = {-1};
    private static final double LARGEST = 127;
    private static final double SMALLEST_SCALE = 1e-12;
    private static final IValue FULL_RANGE = Operators.keep(new IValue(false));
    private static final IValue REDUCED_RANGE = Operators.keep(new IValue(true));
    private static final IValue RANGE = saturates() ? REDUCED_RANGE : FULL_RANGE;

    private Int8() {}

    /**
     * Quantises a weight for {@link #linear}.
     *
     * @param weight Shape: (out, in), contiguous
     * @return a handle that the caller's scope owns
     */
    public static IValue pack(Tensor weight) {
        Tensor scales = weight.abs().amax(LAST, false).div_(new Scalar(LARGEST)).clamp_min_(new Scalar(SMALLEST_SCALE));
        Tensor zeroPoints = torch.zeros_like(scales).to(ScalarType.Long);
        Tensor quantized =
                torch.quantize_per_channel(weight, scales.to(ScalarType.Double), zeroPoints, 0, ScalarType.QInt8);
        try (IValueVector stack = new IValueVector()) {
            Operators.push(stack, new IValue(quantized), new IValue());
            PACK.callBoxed(stack);
            return new IValue(stack.get(0));
        }
    }

    /**
     * {@code x · wᵀ}. The zero point is common to all rows, so a row's last digits depend on its batch.
     *
     * @param x Shape: (T, in)
     * @param packed from {@link #pack}
     * @return Shape: (T, out)
     */
    public static Tensor linear(Tensor x, IValue packed) {
        Tensor sizes = x.abs().amax(LAST, true).clamp_min_(new Scalar(SMALLEST_SCALE));
        return Operators.call(LINEAR, new IValue(x.div(sizes)), packed, RANGE).mul_(sizes);
    }

    /** Whether sums of the largest products come out too small when activations have eight bits. */
    private static boolean saturates() {
        try (NoGradGuard guard = new NoGradGuard();
                PointerScope scope = new PointerScope()) {
            long width = 64;
            IValue packed = pack(torch.ones(width, width));
            Tensor sums = Operators.call(LINEAR, new IValue(torch.ones(1, width)), packed, FULL_RANGE);
            return sums.min().item_double() < 0.95 * width;
        }
    }
}
