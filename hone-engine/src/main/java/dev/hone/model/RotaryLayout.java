package dev.hone.model;

import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;

/**
 * The two orders of the rows that make query and key heads. Files of Hugging Face (and GGUF files of Qwen) rotate rows i
 * and i + D/2 of a head of size D as a pair; {@link Weights} (and GGUF files of Llama) have each pair adjacent, as rows 2i
 * and 2i + 1.
 */
public final class RotaryLayout {
    private RotaryLayout() {}

    /**
     * From halves to adjacent pairs.
     *
     * @param rows Shape: (heads · D, …)
     * @return a copy of the same shape
     */
    public static Tensor toAdjacent(Tensor rows, int heads) {
        return regroup(rows, heads, true);
    }

    /** From adjacent pairs to halves: undoes {@link #toAdjacent}. */
    public static Tensor fromAdjacent(Tensor rows, int heads) {
        return regroup(rows, heads, false);
    }

    private static Tensor regroup(Tensor rows, int heads, boolean adjacent) {
        long[] shape = rows.shape();
        if (shape[0] % (2L * heads) != 0) {
            throw new IllegalArgumentException(
                    "Rows of shape %s are not [%d] heads of pairs".formatted(Arrays.toString(shape), heads));
        }
        long pairs = shape[0] / heads / 2;
        long width = Arrays.stream(shape).skip(1).reduce(1, Math::multiplyExact);
        Tensor grouped = adjacent
                ? rows.reshape(heads, 2, pairs, width) // Shape: (H, 2, D/2, …)
                : rows.reshape(heads, pairs, 2, width); // Shape: (H, D/2, 2, …)
        return grouped.transpose(1, 2).clone().reshape(shape);
    }
}
