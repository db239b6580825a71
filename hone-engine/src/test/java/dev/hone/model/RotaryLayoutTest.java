package dev.hone.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.tensor.TensorMemory;
import java.lang.foreign.ValueLayout;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class RotaryLayoutTest {

    @Test
    void pairsOfEachHeadBecomeAdjacent() {
        try (PointerScope _ = new PointerScope()) {
            Tensor rows = torch.arange(new Scalar(12)).to(torch.ScalarType.Float);
            assertArrayEquals(
                    new float[] {0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11}, floats(RotaryLayout.toAdjacent(rows, 2)));
            assertArrayEquals(
                    new float[] {0, 2, 4, 1, 3, 5, 6, 8, 10, 7, 9, 11}, floats(RotaryLayout.fromAdjacent(rows, 2)));
        }
    }

    @Test
    void oneUndoesTheOtherOnMatrices() {
        try (PointerScope _ = new PointerScope()) {
            for (int heads : new int[] {1, 3, 12}) {
                Tensor rows = torch.randn(24, 5);
                assertTrue(RotaryLayout.fromAdjacent(RotaryLayout.toAdjacent(rows, heads), heads)
                        .equal(rows));
                assertTrue(RotaryLayout.toAdjacent(RotaryLayout.fromAdjacent(rows, heads), heads)
                        .equal(rows));
            }
        }
    }

    @Test
    void theResultIsACopy() {
        try (PointerScope _ = new PointerScope()) {
            Tensor rows = torch.ones(2, 3);
            RotaryLayout.toAdjacent(rows, 1).zero_();
            assertTrue(rows.equal(torch.ones(2, 3)));
        }
    }

    @Test
    void refusesRowsThatAreNotHeads() {
        try (PointerScope _ = new PointerScope()) {
            Tensor rows = torch.ones(9, 2);
            assertThrows(IllegalArgumentException.class, () -> RotaryLayout.toAdjacent(rows, 3));
        }
    }

    private static float[] floats(Tensor tensor) {
        return TensorMemory.floats(tensor).toArray(ValueLayout.JAVA_FLOAT);
    }
}
