package dev.hone.tensor;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.ListType;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.OptionalType;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Operators of libtorch that JavaCPP's bindings leave out, called through the dispatcher. All tensors are on the CPU. */
public final class Operators {
    private static final OperatorHandle LINEAR = find("mkldnn::_linear_pointwise", "");
    private static final OperatorHandle PACK = find("mkldnn::_reorder_linear_weight", "");
    private static final OperatorHandle ADAMW = find("aten::_fused_adamw_", "");
    private static final OperatorHandle ATTENTION = find("aten::_scaled_dot_product_flash_attention_for_cpu", "");
    private static final OperatorHandle ATTENTION_BACKWARD =
            find("aten::_scaled_dot_product_flash_attention_for_cpu_backward", "");

    private static final IValue NOTHING = keep(new IValue());
    private static final IValue NO_ACTIVATION = keep(new IValue("none"));
    private static final IValue NO_SCALARS = keep(
            new IValue(new GenericList(OptionalType.get(ListType.ofNumbers().containedType(0)))));

    private Operators() {}

    /**
     * {@code x · wᵀ} by oneDNN, which uses AVX-512 on every vendor's cores where MKL does not.
     *
     * @param x Shape: (T, in)
     * @param weight a plain matrix, shape (out, in), or one from {@link #pack}
     * @return Shape: (T, out)
     */
    public static Tensor linear(Tensor x, Tensor weight) {
        return call(LINEAR, new IValue(x), new IValue(weight), NOTHING, NO_ACTIVATION, NO_SCALARS, NOTHING);
    }

    /**
     * Reorders a weight into oneDNN's blocked layout, for {@link #linear} only.
     *
     * @param weight Shape: (out, in), contiguous
     * @param rows typical number of rows of {@code x}
     */
    public static Tensor pack(Tensor weight, int rows) {
        return call(PACK, new IValue(weight), new IValue((long) rows));
    }

    /** Whether {@link #pack} and {@link #linear} take bf16 on this processor; how fast is another question. */
    public static boolean multipliesBf16() {
        try (PointerScope scope = new PointerScope()) {
            pack(torch.ones(16, 16).to(ScalarType.BFloat16), 1);
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }

    /**
     * Attention under an additive mask, with its log-sum-exp.
     *
     * @param query Shape: (B, H, L, D)
     * @param key Shape: (B, H, S, D)
     * @param value Shape: (B, H, S, D)
     * @param mask added to the scaled scores; broadcasts to (B, H, L, S)
     */
    public static Attention attention(Tensor query, Tensor key, Tensor value, Tensor mask) {
        try (IValueVector stack = new IValueVector()) {
            push(stack, new IValue(query), new IValue(key), new IValue(value), new IValue(0.0), new IValue(false));
            push(stack, new IValue(mask), NOTHING);
            ATTENTION.callBoxed(stack);
            return new Attention(result(stack, 0), result(stack, 1));
        }
    }

    /**
     * Attention with its log-sum-exp.
     *
     * @param query Shape: (B, H, L, D)
     * @param key Shape: (B, H, S, D); strides of 0 are fine
     * @param value Shape: (B, H, S, D)
     * @param causal whether position i sees only positions up to i (needs L = S)
     */
    public static Attention attention(Tensor query, Tensor key, Tensor value, boolean causal) {
        try (IValueVector stack = new IValueVector()) {
            push(stack, new IValue(query), new IValue(key), new IValue(value), new IValue(0.0), new IValue(causal));
            push(stack, NOTHING, NOTHING);
            ATTENTION.callBoxed(stack);
            return new Attention(result(stack, 0), result(stack, 1));
        }
    }

    /** Gradients of {@link #attention}, given the gradient of its output. Shapes as there. */
    public static AttentionGradients attentionBackward(
            Tensor gradient, Tensor query, Tensor key, Tensor value, Attention forward, boolean causal) {
        try (IValueVector stack = new IValueVector()) {
            push(stack, new IValue(gradient), new IValue(query), new IValue(key), new IValue(value));
            push(stack, new IValue(forward.output()), new IValue(forward.logSumExp()), new IValue(0.0));
            push(stack, new IValue(causal), NOTHING, NOTHING);
            ATTENTION_BACKWARD.callBoxed(stack);
            return new AttentionGradients(result(stack, 0), result(stack, 1), result(stack, 2));
        }
    }

    /**
     * One AdamW step in place (Loshchilov and Hutter 2019).
     *
     * @param step a 0-d fp32 tensor: the number of this step, counted from 1
     */
    public static void adamw(
            Tensor values,
            Tensor gradients,
            Tensor firstMoments,
            Tensor secondMoments,
            Tensor step,
            double learningRate,
            double beta1,
            double beta2,
            double weightDecay,
            double epsilon) {
        try (IValueVector stack = new IValueVector()) {
            push(stack, list(values), list(gradients), list(firstMoments), list(secondMoments), list(), list(step));
            push(stack, new IValue(learningRate), new IValue(beta1), new IValue(beta2), new IValue(weightDecay));
            push(stack, new IValue(epsilon), new IValue(false), new IValue(false), NOTHING, NOTHING);
            ADAMW.callBoxed(stack);
        }
    }

    /**
     * What attention computes.
     *
     * @param output Shape: (B, H, L, D)
     * @param logSumExp of each query's scaled scores. Shape: (B, H, L)
     */
    public record Attention(Tensor output, Tensor logSumExp) {}

    /** Gradients of query, key and value. */
    public record AttentionGradients(Tensor query, Tensor key, Tensor value) {}

    private static IValue list(Tensor... tensors) {
        GenericList list = new GenericList(ListType.ofTensors().containedType(0));
        for (Tensor tensor : tensors) {
            list.push_back(new IValue(tensor));
        }
        return new IValue(list);
    }

    static Tensor call(OperatorHandle operator, IValue... arguments) {
        try (IValueVector stack = new IValueVector()) {
            push(stack, arguments);
            operator.callBoxed(stack);
            return result(stack, 0);
        }
    }

    /** A handle of its own: the stack's is gone when the stack is closed. */
    private static Tensor result(IValueVector stack, long index) {
        return new Tensor(stack.get(index).toTensor());
    }

    static void push(IValueVector stack, IValue... values) {
        for (IValue value : values) {
            stack.push_back(value);
        }
    }

    static OperatorHandle find(String name, String overload) {
        OperatorHandle operator = Dispatcher.singleton().findSchemaOrThrow(name, overload);
        operator.retainReference();
        return operator;
    }

    static IValue keep(IValue value) {
        value.retainReference();
        return value;
    }
}
