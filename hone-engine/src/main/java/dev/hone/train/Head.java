package dev.hone.train;

import dev.hone.model.RmsNorm;
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
     * @return Shape: (N)
     */
    Tensor logprobs(Tensor hidden, Tensor targets) {
        Tensor result = torch.empty(hidden.size(0));
        for (long start = 0; start < hidden.size(0); start += chunk) {
            try (PointerScope scope = new PointerScope()) {
                long rows = Math.min(chunk, hidden.size(0) - start);
                Tensor h = hidden.narrow(0, start, rows);
                Tensor logits = logits(h);
                Tensor target = targets.narrow(0, start, rows).unsqueeze(1);
                Tensor chosen = logits.gather(1, target).squeeze(1);
                result.narrow(0, start, rows).copy_(chosen.sub_(logits.logsumexp(-1)));
            }
        }
        return result;
    }

    /**
     * The loss {@code -Σ weight · logprob} and its gradient.
     *
     * @param hidden last hidden states of the trained positions. Shape: (N, E)
     * @param targets Shape: (N)
     * @param weights Shape: (N)
     * @return log-probabilities, shape (N), and the gradient of {@code hidden}, shape (N, E), in the caller's scope
     */
    Backward backward(Tensor hidden, Tensor targets, Tensor weights) {
        Tensor logprobs = torch.empty(hidden.size(0));
        Tensor dHidden = torch.empty_like(hidden);
        for (long start = 0; start < hidden.size(0); start += chunk) {
            try (PointerScope scope = new PointerScope()) {
                long rows = Math.min(chunk, hidden.size(0) - start);
                Tensor h = hidden.narrow(0, start, rows);
                Tensor target = targets.narrow(0, start, rows).unsqueeze(1);
                Tensor scale = norm.scale(h);
                Tensor normed = norm.apply(h, scale);
                Tensor all = weight.product(normed).log_softmax(-1); // Shape: (C, V)
                logprobs.narrow(0, start, rows).copy_(all.gather(1, target).squeeze(1));

                Tensor w = weights.narrow(0, start, rows).unsqueeze(1);
                Tensor dLogits = all.exp_().mul_(w);
                dLogits.scatter_add_(1, target, w.neg());
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
