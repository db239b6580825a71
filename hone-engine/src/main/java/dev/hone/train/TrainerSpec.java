package dev.hone.train;

import java.nio.file.Path;

/**
 * What to train and how to compute it. Made by a command or a run; consumed by the trainer, in whichever process it is.
 *
 * @param model a Hugging Face folder or a GGUF file
 * @param adaptation which weights are trained
 * @param seed of the adapters' initial values and of dropout
 * @param microBatchTokens most tokens that are computed together; sequences are packed up to it, a longer one goes alone.
 *     Bounds memory; changes results only by rounding, and with dropout by its masks
 * @param checkpointing whether block activations are recomputed in the backward pass: less memory, more time
 * @param precision of the products with frozen weights
 */
public record TrainerSpec(
        Path model,
        Adaptation adaptation,
        long seed,
        int microBatchTokens,
        boolean checkpointing,
        Precision precision) {
    public TrainerSpec {
        if (precision == Precision.BF16 && adaptation instanceof Adaptation.Full) {
            throw new IllegalArgumentException(
                    "precision [bf16] is for frozen weights, and with --full none is frozen: leave one of them out");
        }
        if (microBatchTokens < 1) {
            throw new IllegalArgumentException("micro-batch-tokens must be at least 1, not [" + microBatchTokens + "]");
        }
    }
}
