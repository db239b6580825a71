package dev.hone.train;

import dev.hone.tensor.Operators;
import dev.hone.tensor.Ownership;
import dev.hone.train.Parameters.Parameter;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/** A linear layer in training: {@code y = x Wᵀ}, with whatever of it is trained. */
sealed interface Projection {

    /**
     * @param x Shape: (T, in)
     * @param dropout masks of this layer, or null outside training
     * @param saved owner of what {@link #backward} will need
     * @return the output, shape (T, out), in the caller's scope, and what backward needs
     */
    Result forward(Tensor x, @Nullable Dropout dropout, Ownership saved);

    /**
     * Adds the gradients of what is trained.
     *
     * @param dy gradient of the output. Shape: (T, out)
     * @param x the input that forward saw
     * @return gradient of x, in the caller's scope. Shape: (T, in)
     */
    Tensor backward(Tensor dy, Tensor x, Memo memo);

    /** An output and what backward needs beside the input. */
    record Result(Tensor y, Memo memo) {}

    /**
     * What backward needs beside the input.
     *
     * @param inner the adapters' inner activations, shape (T, adapters · rank), or null without adapters
     * @param mask scaled keep-mask of the adapters' input, shape (T, in), or null without dropout
     */
    record Memo(@Nullable Tensor inner, @Nullable Tensor mask) {
        static final Memo NONE = new Memo(null, null);
    }

    /**
     * A frozen weight with low-rank adapters. Layers that share their input are one matrix with one adapter a layer.
     *
     * @param weight Shape: (out, in)
     * @param transposed the same weight, transposed. Shape: (in, out)
     * @param down the adapters' first factors, stacked. Shape: (adapters · rank, in)
     * @param ups second factor of each adapter, in the order of the outputs. Shape: (out_i, rank)
     * @param scale alpha / rank
     */
    record Adapted(Matrix weight, Matrix transposed, Parameter down, List<Parameter> ups, double scale)
            implements Projection {
        @Override
        public Result forward(Tensor x, @Nullable Dropout dropout, Ownership saved) {
            Tensor y = weight.product(x);
            Tensor mask = dropout == null ? null : saved.keep(dropout.mask(x.size(0), x.size(1)));
            Tensor inner = saved.keep(Operators.linear(mask == null ? x : x.mul(mask), down.value()));
            Scalar one = new Scalar(1.0);
            Scalar factor = new Scalar(scale);
            long rank = inner.size(1) / ups.size();
            long offset = 0;
            for (int i = 0; i < ups.size(); i++) {
                Tensor up = ups.get(i).value();
                y.narrow(1, offset, up.size(0)).addmm_(inner.narrow(1, i * rank, rank), up.t(), one, factor);
                offset += up.size(0);
            }
            return new Result(y, new Memo(inner, mask));
        }

        @Override
        public Tensor backward(Tensor dy, Tensor x, Memo memo) {
            Tensor inner = required(memo.inner());
            Tensor dInner = torch.empty_like(inner);
            Tensor dUps = Operators.linear(inner.t(), dy.t()); // Shape: (adapters · rank, out)
            Scalar zero = new Scalar(0.0);
            Scalar factor = new Scalar(scale);
            long rank = inner.size(1) / ups.size();
            long offset = 0;
            for (int i = 0; i < ups.size(); i++) {
                Parameter up = ups.get(i);
                long out = up.value().size(0);
                Tensor dUp = dUps.narrow(0, i * rank, rank).narrow(1, offset, out);
                up.gradient().add_(dUp.t(), factor);
                dInner.narrow(1, i * rank, rank).addmm_(dy.narrow(1, offset, out), up.value(), zero, factor);
                offset += out;
            }
            Tensor mask = memo.mask();
            Tensor adapted = mask == null ? x : x.mul(mask);
            down.gradient().add_(Operators.linear(dInner.t(), adapted.t()));
            Tensor dAdapted = Operators.linear(dInner, down.value().t());
            return transposed.product(dy).add_(mask == null ? dAdapted : dAdapted.mul_(mask));
        }

        private static Tensor required(@Nullable Tensor inner) {
            if (inner == null) {
                throw new IllegalStateException("The memo of an adapted layer lacks the adapters' activations");
            }
            return inner;
        }
    }

    /**
     * A trained weight.
     *
     * @param weight Shape: (out, in)
     */
    record Trained(Parameter weight) implements Projection {
        @Override
        public Result forward(Tensor x, @Nullable Dropout dropout, Ownership saved) {
            return new Result(Operators.linear(x, weight.value()), Memo.NONE);
        }

        @Override
        public Tensor backward(Tensor dy, Tensor x, Memo memo) {
            weight.gradient().add_(Operators.linear(dy.t(), x.t()));
            return Operators.linear(dy, weight.value().t());
        }
    }
}
