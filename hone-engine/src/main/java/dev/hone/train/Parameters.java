package dev.hone.train;

import dev.hone.record.AdamParams;
import dev.hone.tensor.HostArrays;
import dev.hone.tensor.Operators;
import dev.hone.tensor.Ownership;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The trained weights with their gradients and AdamW's moments, each one flat buffer: one kernel updates all, one norm
 * clips all, one copy saves all. A {@link Parameter} is a pair of views into them.
 */
final class Parameters implements AutoCloseable {
    private static final double CLIP_EPSILON = 1e-6;

    private final Ownership owned = new Ownership();
    private final Map<String, Parameter> byName = new LinkedHashMap<>();
    private final Tensor values;
    private final Tensor gradients;
    private final Tensor firstMoments;
    private final Tensor secondMoments;
    private long step;

    /**
     * One trained tensor.
     *
     * @param value its weights
     * @param gradient sum of its gradients since the last step. Same shape
     */
    record Parameter(Tensor value, Tensor gradient) {}

    /** Name and shape of a parameter to be. */
    record Slot(String name, long... shape) {
        long size() {
            long size = 1;
            for (long extent : shape) {
                size *= extent;
            }
            return size;
        }
    }

    /** Allocates all slots, filled with zeros. */
    Parameters(List<Slot> slots) {
        long total = slots.stream().mapToLong(Slot::size).sum();
        try (PointerScope scope = new PointerScope()) {
            values = owned.keep(torch.zeros(total));
            gradients = owned.keep(torch.zeros(total));
            firstMoments = owned.keep(torch.zeros(total));
            secondMoments = owned.keep(torch.zeros(total));
            long offset = 0;
            for (Slot slot : slots) {
                Tensor value = owned.keep(values.narrow(0, offset, slot.size()).view(slot.shape()));
                Tensor gradient =
                        owned.keep(gradients.narrow(0, offset, slot.size()).view(slot.shape()));
                if (byName.put(slot.name(), new Parameter(value, gradient)) != null) {
                    throw new IllegalArgumentException("Two parameters are called [" + slot.name() + "]");
                }
                offset += slot.size();
            }
        }
    }

    Parameter get(String name) {
        Parameter parameter = byName.get(name);
        if (parameter == null) {
            throw new IllegalArgumentException("No parameter is called [" + name + "]");
        }
        return parameter;
    }

    /** Every parameter by name, in the order of the buffers. */
    Map<String, Parameter> all() {
        return byName;
    }

    long step() {
        return step;
    }

    /** Every gradient, one after the other. */
    Tensor gradients() {
        return gradients;
    }

    /** L2 norm of all gradients. */
    double gradientNorm() {
        try (PointerScope scope = new PointerScope()) {
            return gradients.norm().item_double();
        }
    }

    /** Makes what is added from now on a difference from what was added before. */
    void negateGradients() {
        gradients.neg_();
    }

    void clearGradients() {
        gradients.zero_();
    }

    /** Number of trained weights. */
    long size() {
        return values.numel();
    }

    /** The state that a checkpoint must hold, by name. The gradients are not part of it: they are zero between steps. */
    Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        state.put("values", values);
        state.put("first_moments", firstMoments);
        state.put("second_moments", secondMoments);
        return state;
    }

    /** Takes over what was copied into the tensors of {@link #state}. */
    void restored(long step) {
        this.step = step;
        gradients.zero_();
    }

    /**
     * One AdamW step over everything, after clipping by the global norm as PyTorch does; then zeroes the gradients.
     *
     * @return the gradients' norm before clipping
     * @throws ArithmeticException if the norm is not finite; weights and moments stay as they were
     */
    double step(AdamParams params) {
        try (PointerScope scope = new PointerScope()) {
            double norm = gradients.norm().item_double();
            if (!Double.isFinite(norm)) {
                gradients.zero_();
                throw new ArithmeticException(
                        "The gradient's norm is [%s] at step [%d]: nothing was updated; lower the learning rate or look at the data"
                                .formatted(norm, step + 1));
            }
            if (params.maxGradientNorm() > 0) {
                double factor = params.maxGradientNorm() / (norm + CLIP_EPSILON);
                if (factor < 1) {
                    gradients.mul_(new Scalar(factor));
                }
            }
            step++;
            Tensor stepNumber = HostArrays.scalar(step);
            Operators.adamw(
                    values,
                    gradients,
                    firstMoments,
                    secondMoments,
                    stepNumber,
                    params.learningRate(),
                    params.beta1(),
                    params.beta2(),
                    params.weightDecay(),
                    params.epsilon());
            gradients.zero_();
            return norm;
        }
    }

    @Override
    public void close() {
        owned.close();
    }
}
