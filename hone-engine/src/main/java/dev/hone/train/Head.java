package dev.hone.train;

import dev.hone.model.RmsNorm;
import dev.hone.tensor.HostArrays;
import dev.hone.tensor.Operators;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * The output head and its loss, computed for the trained positions alone and in chunks, so that the logits of a whole batch
 * never exist. N = trained positions, E = hidden width, V = vocabulary, C = rows of a chunk.
 *
 * @param norm final norm
 * @param weight Shape: (V, E)
 * @param transposed Shape: (E, V)
 * @param gradient where the head's gradient is added, or null when it is frozen. Shape: (V, E)
 * @param chunk C
 */
record Head(
        RmsNorm norm,
        Matrix weight,
        Matrix transposed,
        @Nullable Tensor gradient,
        int chunk) {

    /**
     * Scores of every token.
     *
     * @param hidden Shape: (N, E)
     * @return in the caller's scope. Shape: (N, V)
     */
    Tensor logits(Tensor hidden) {
        return weight.product(norm.apply(hidden, norm.scale(hidden)));
    }

    /**
     * Log-probabilities of the targets.
     *
     * @param hidden last hidden states of the trained positions. Shape: (N, E)
     * @param targets Shape: (N)
     * @param scoring what is done to the logits
     * @return Shape: (N)
     */
    Tensor logprobs(Tensor hidden, Tensor targets, Scoring scoring) {
        Tensor result = torch.empty(hidden.size(0));
        for (long start = 0; start < hidden.size(0); start += chunk) {
            try (PointerScope scope = new PointerScope()) {
                long rows = Math.min(chunk, hidden.size(0) - start);
                Tensor h = hidden.narrow(0, start, rows);
                Tensor logits = logits(h);
                scoring.adjust((int) start, logits);
                Tensor target = targets.narrow(0, start, rows).unsqueeze(1);
                Tensor chosen = logits.gather(1, target).squeeze(1);
                result.narrow(0, start, rows).copy_(chosen.sub_(logits.logsumexp(-1)));
            }
        }
        return result;
    }

    /** Derivatives of a loss by log-probabilities. */
    @FunctionalInterface
    interface Slopes {
        /**
         * @param start place of the first of some positions among the trained ones
         * @param logprobs of the targets of each of them
         * @return a value for each of them
         */
        float[] of(int start, float[] logprobs);
    }

    /**
     * A loss's gradient. With p the probabilities of a position and t its target, {@code dLoss/dlogits = slope · (1[t] − p) /
     * temperature}.
     *
     * @param hidden last hidden states of the trained positions. Shape: (N, E)
     * @param targets Shape: (N)
     * @param scoring what is done to the logits
     * @return log-probabilities, shape (N), and the gradient of {@code hidden}, shape (N, E), in the caller's scope
     */
    Backward backward(Tensor hidden, Tensor targets, Scoring scoring, Slopes slopes) {
        Tensor logprobs = torch.empty(hidden.size(0));
        Tensor dHidden = torch.empty_like(hidden);
        for (long start = 0; start < hidden.size(0); start += chunk) {
            try (PointerScope scope = new PointerScope()) {
                long rows = Math.min(chunk, hidden.size(0) - start);
                Tensor h = hidden.narrow(0, start, rows);
                Tensor target = targets.narrow(0, start, rows).unsqueeze(1);
                Tensor scale = norm.scale(h);
                Tensor normed = norm.apply(h, scale);
                Tensor logits = weight.product(normed); // Shape: (C, V)
                scoring.adjust((int) start, logits);
                Tensor all = logits.log_softmax(-1);
                Tensor chosen = all.gather(1, target).squeeze(1);
                logprobs.narrow(0, start, rows).copy_(chosen);

                Tensor slope = HostArrays.floats(slopes.of((int) start, HostArrays.toFloats(chosen)))
                        .unsqueeze(1);
                Tensor temperatures = scoring.temperatures((int) start, rows);
                if (temperatures != null) {
                    slope.div_(temperatures);
                }
                Tensor dLogits = all.exp_().mul_(slope.neg());
                dLogits.scatter_add_(1, target, slope);
                if (gradient != null) {
                    gradient.add_(Operators.linear(dLogits.t(), normed.t()));
                }
                Tensor dNormed = transposed.product(dLogits);
                dHidden.narrow(0, start, rows).copy_(norm.backward(dNormed, h, scale));
            }
        }
        return new Backward(logprobs, dHidden);
    }

    /** Log-probabilities and the gradient of the hidden states. */
    record Backward(Tensor logprobs, Tensor dHidden) {}
}
