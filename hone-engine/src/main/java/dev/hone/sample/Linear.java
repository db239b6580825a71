package dev.hone.sample;

import dev.hone.record.SamplingMode;
import dev.hone.tensor.Int8;
import dev.hone.tensor.Operators;
import dev.hone.tensor.Ownership;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.Tensor;

/** {@code y = x Wᵀ} with a weight that no longer changes. */
sealed interface Linear extends AutoCloseable {

    /** Shape: (T, in) → (T, out) */
    Tensor apply(Tensor x);

    @Override
    void close();

    /**
     * Prepares a weight.
     *
     * @param weight Shape: (out, in); is not needed afterwards
     * @param rows typical number of rows of x
     */
    static Linear of(Tensor weight, SamplingMode mode, int rows) {
        return switch (mode) {
            case EXACT -> {
                Ownership owned = new Ownership();
                yield new Exact(owned.keep(Operators.pack(weight, rows)), owned);
            }
            case FAST -> {
                IValue packed = Int8.pack(weight);
                packed.retainReference();
                yield new Quantized(packed);
            }
        };
    }

    /** fp32. */
    record Exact(Tensor weight, Ownership owned) implements Linear {
        @Override
        public Tensor apply(Tensor x) {
            return Operators.linear(x, weight);
        }

        @Override
        public void close() {
            owned.close();
        }
    }

    /** int8 weights and activations, fp32 sums. */
    record Quantized(IValue packed) implements Linear {
        @Override
        public Tensor apply(Tensor x) {
            return Int8.linear(x, packed);
        }

        @Override
        public void close() {
            packed.releaseReference();
        }
    }
}
