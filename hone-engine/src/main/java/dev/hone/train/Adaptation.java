package dev.hone.train;

/** Which weights are trained. */
public sealed interface Adaptation {

    /**
     * Low-rank adapters on all linear layers of the blocks (Hu et al. 2021): {@code y = Wx + alpha/rank · B(A(dropout(x)))}.
     *
     * @param rank inner width r
     * @param alpha scale; the adapter is multiplied by alpha/rank
     * @param dropout probability that an element of the adapter's input is dropped in training; 0 means none
     */
    record Lora(int rank, double alpha, double dropout) implements Adaptation {
        public Lora {
            if (rank < 1) {
                throw new IllegalArgumentException("LoRA's rank must be at least 1, not [" + rank + "]");
            }
            if (!(alpha > 0 && alpha < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("LoRA's alpha must be above 0, not [" + alpha + "]");
            }
            if (!(dropout >= 0 && dropout < 1)) {
                throw new IllegalArgumentException(
                        "LoRA's dropout must be at least 0 and below 1, not [" + dropout + "]");
            }
        }

        /** Factor of the adapter's output. */
        public double scale() {
            return alpha / rank;
        }
    }

    /** Every weight of the model. */
    record Full() implements Adaptation {}
}
