package dev.hone.train;

/**
 * Number format of the products with weights that are not trained. Everything else (activations, adapters, gradients, sums,
 * optimiser, the head's scores) is fp32 either way.
 */
public enum Precision {
    /** Reproduces the model as it is. */
    FP32,
    /** Half the width, eight bits of mantissa: its products are twice as fast on processors with bf16 instructions, refused without AVX-512. */
    BF16
}
