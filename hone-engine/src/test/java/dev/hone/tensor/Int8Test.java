package dev.hone.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

final class Int8Test {
    /** Relative error of the product, in the Frobenius norm. */
    private static double error(Tensor x, Tensor weight) {
        Tensor exact = x.mm(weight.t());
        Tensor quantized = Int8.linear(x, Int8.pack(weight));
        return quantized.sub(exact).norm().item_double() / exact.norm().item_double();
    }

    @Test
    void theLargestValuesDoNotOverflow() {
        try (NoGradGuard guard = new NoGradGuard();
                PointerScope scope = new PointerScope()) {
            Tensor sums = Int8.linear(torch.ones(3, 256), Int8.pack(torch.ones(8, 256)));
            assertEquals(256, sums.min().item_double(), 3);
            assertEquals(256, sums.max().item_double(), 3);
        }
    }

    @Test
    void randomValuesAreWithinTheStepOfSevenBits() {
        try (NoGradGuard guard = new NoGradGuard();
                PointerScope scope = new PointerScope()) {
            torch.manual_seed(1);
            Tensor weight = torch.randn(96, 576);
            for (long rows : new long[] {1, 7, 64}) {
                double error = error(torch.randn(rows, 576), weight);
                assertTrue(error < 0.03, rows + " rows: " + error);
            }
        }
    }

    /** A few large values, as hidden states have them, cost the others their precision, but no more than that. */
    @Test
    void outliersStayWhole() {
        try (NoGradGuard guard = new NoGradGuard();
                PointerScope scope = new PointerScope()) {
            torch.manual_seed(2);
            Tensor x = torch.randn(16, 576);
            x.narrow(1, 3, 1).mul_(new Scalar(8));
            double error = error(x, torch.randn(96, 576));
            assertTrue(error < 0.1, "error " + error);
        }
    }

    @Test
    void aHugeRowLeavesTheOthersTheirPrecision() {
        try (NoGradGuard guard = new NoGradGuard();
                PointerScope scope = new PointerScope()) {
            torch.manual_seed(3);
            Tensor x = torch.randn(16, 576);
            x.narrow(0, 0, 1).mul_(new Scalar(1000));
            Tensor weight = torch.randn(96, 576);
            Tensor exact = x.mm(weight.t()).narrow(0, 1, 15);
            Tensor quantized = Int8.linear(x, Int8.pack(weight)).narrow(0, 1, 15);
            double error =
                    quantized.sub(exact).norm().item_double() / exact.norm().item_double();
            assertTrue(error < 0.03, "error " + error);
        }
    }
}
