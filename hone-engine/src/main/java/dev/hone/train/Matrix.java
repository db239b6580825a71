package dev.hone.train;

import dev.hone.tensor.Operators;
import dev.hone.tensor.Ownership;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A weight to multiply with.
 *
 * @param weight plain or packed for oneDNN, in the format of {@code precision}. Shape: (out, in)
 */
record Matrix(Tensor weight, Precision precision) {
    /** A trained weight, which is read anew at every product. */
    static Matrix plain(Tensor weight) {
        return new Matrix(weight, Precision.FP32);
    }

    /**
     * A copy of a frozen weight for {@link #product} alone.
     *
     * @param weight Shape: (out, in), contiguous
     * @param rows typical number of rows of {@code x}
     * @param owned keeps the copy
     */
    static Matrix packed(Tensor weight, int rows, Precision precision, Ownership owned) {
        return new Matrix(
                owned.keep(
                        switch (precision) {
                            case FP32 -> Operators.pack(weight, rows);
                            case BF16 -> Operators.pack(weight.to(ScalarType.BFloat16), rows);
                        }),
                precision);
    }

    /** {@code x · wᵀ}, both sides in fp32. Shape: (T, in) → (T, out) */
    Tensor product(Tensor x) {
        return switch (precision) {
            case FP32 -> Operators.linear(x, weight);
            case BF16 -> Operators.linear(x.to(ScalarType.BFloat16), weight).to(ScalarType.Float);
        };
    }
}
