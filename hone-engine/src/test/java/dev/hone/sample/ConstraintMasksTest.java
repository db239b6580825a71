package dev.hone.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hone.tensor.HostArrays;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

final class ConstraintMasksTest {
    private static final int VOCABULARY = 130;

    /** Of masks of every density, one row without any. */
    @Test
    void whatMayNotBeDrawnIsNeverAndTheRestIsAsItWas() {
        Random random = new Random(1);
        int rows = 40;
        float[] before = new float[rows * VOCABULARY];
        for (int i = 0; i < before.length; i++) {
            before[i] = random.nextFloat() - 0.5f;
        }
        BitSet[] masks = new BitSet[rows];
        for (int row = 0; row < rows - 1; row++) {
            BitSet mask = new BitSet();
            for (int id = 0; id < VOCABULARY; id++) {
                mask.set(id, random.nextInt(rows - 1) < row);
            }
            masks[row] = mask;
        }
        float[] after;
        try (PointerScope scope = new PointerScope()) {
            Tensor logits = HostArrays.floats(before).view(rows, VOCABULARY);
            ConstraintMasks.apply(logits, Arrays.asList(masks));
            after = HostArrays.toFloats(logits.view(-1));
        }
        for (int i = 0; i < before.length; i++) {
            BitSet mask = masks[i / VOCABULARY];
            boolean drawn = mask == null || mask.get(i % VOCABULARY);
            assertEquals(drawn ? before[i] : Float.NEGATIVE_INFINITY, after[i], "row " + i / VOCABULARY);
        }
    }
}
