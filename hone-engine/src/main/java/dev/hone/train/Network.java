package dev.hone.train;

import dev.hone.record.Loss;
import dev.hone.tensor.Ownership;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * A decoder-only transformer in training: hidden states forward, gradients back, by hand and without a tape. E = hidden
 * width, T = rows of a batch, N = trained positions.
 *
 * @param embedding Shape: (vocabulary, E)
 * @param embeddingGradient where the embedding's gradient is added, or null when it is frozen
 * @param rotations rotary table, complex64. Shape: (positions, D/2)
 * @param checkpointing whether blocks are computed again in the backward pass instead of keeping their activations
 */
record Network(
        Tensor embedding,
        @Nullable Tensor embeddingGradient,
        List<Block> blocks,
        Head head,
        Tensor rotations,
        boolean checkpointing) {

    /** Seeds the dropout of each block, or switches it off. */
    interface DropoutPlan {
        DropoutPlan NONE = block -> null;

        @Nullable
        Dropout of(int block);
    }

    /** Log-probabilities of the targets of the trained positions, in the caller's scope. Shape: (N) */
    Tensor logprobs(PackedBatch batch) {
        return head.logprobs(hidden(batch).index_select(0, batch.trained()), batch.targets(), batch.scoring());
    }

    /** Last hidden states before the final norm, in the caller's scope. Shape: (T, E) */
    Tensor hidden(PackedBatch batch) {
        Tensor x = embed(batch);
        for (Block block : blocks) {
            try (Ownership saved = new Ownership();
                    PointerScope scope = new PointerScope()) {
                x.copy_(block.forward(x, batch, null, saved).output());
            }
        }
        return x;
    }

    /**
     * Adds the gradients of a loss.
     *
     * @return log-probabilities of the targets of the trained positions, in the caller's scope. Shape: (N)
     */
    Tensor addGradients(PackedBatch batch, Loss loss, DropoutPlan dropout) {
        try (Ownership kept = new Ownership()) {
            List<Tensor> inputs = new ArrayList<>();
            List<Block.Activations> activations = new ArrayList<>();
            Tensor x = embed(batch);
            for (int i = 0; i < blocks.size(); i++) {
                inputs.add(x);
                if (checkpointing) {
                    try (Ownership dropped = new Ownership()) {
                        x = kept.keep(blocks.get(i)
                                .forward(x, batch, dropout.of(i), dropped)
                                .output());
                    }
                } else {
                    Block.Forward forward = blocks.get(i).forward(x, batch, dropout.of(i), kept);
                    activations.add(forward.activations());
                    x = forward.output();
                }
            }

            Head.Backward fromHead = head.backward(
                    x.index_select(0, batch.trained()),
                    batch.targets(),
                    batch.scoring(),
                    (start, logprobs) -> batch.terms().slopes(loss, start, logprobs));
            Tensor dx = torch.zeros_like(x).index_add_(0, batch.trained(), fromHead.dHidden());
            for (int i = blocks.size() - 1; i >= 0; i--) {
                if (checkpointing) {
                    try (Ownership again = new Ownership()) {
                        Block.Forward forward = blocks.get(i).forward(inputs.get(i), batch, dropout.of(i), again);
                        blocks.get(i).backward(dx, batch, forward.activations());
                    }
                } else {
                    blocks.get(i).backward(dx, batch, activations.get(i));
                }
            }
            if (embeddingGradient != null) {
                embeddingGradient.index_add_(0, batch.tokens(), dx);
            }
            return fromHead.logprobs();
        }
    }

    // Shape: (T, E)
    private Tensor embed(PackedBatch batch) {
        return embedding.index_select(0, batch.tokens());
    }
}
