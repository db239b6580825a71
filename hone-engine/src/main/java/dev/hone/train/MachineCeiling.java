package dev.hone.train;

import dev.hone.tensor.Operators;
import java.util.List;
import java.util.function.BiConsumer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * What this machine reaches at most: nothing that computes a model can be faster.
 *
 * @param gigaflops of fp32 matrix multiplication on a model's own shapes, in GFLOP/s: the four linear layers of a block over
 *     512 positions, the better of oneDNN's blocked weights and the BLAS
 * @param bf16Gigaflops the same in bf16 by oneDNN; 0 where the processor has too few instructions for it
 * @param gigabytesPerSecond read from memory, in 10⁹ bytes a second: the sum of a 256 MiB tensor
 */
public record MachineCeiling(double gigaflops, double bf16Gigaflops, double gigabytesPerSecond) {
    private static final int POSITIONS = 512;
    private static final int ROUNDS = 7;
    private static final double WORTH = 1.3;
    private static final long READ_FLOATS = 64L << 20;

    private record Layer(int in, int out) {
        static List<Layer> of(BlockShape shape) {
            return List.of(
                    new Layer(shape.hidden(), shape.queryWidth() + 2 * shape.keyValueWidth()),
                    new Layer(shape.queryWidth(), shape.hidden()),
                    new Layer(shape.hidden(), 2 * shape.feedForward()),
                    new Layer(shape.feedForward(), shape.hidden()));
        }

        double operations() {
            return 2.0 * POSITIONS * in * out;
        }
    }

    /** The higher of each: what else runs on a machine can only lower a measurement. */
    public MachineCeiling or(MachineCeiling other) {
        return new MachineCeiling(
                Math.max(gigaflops, other.gigaflops),
                Math.max(bf16Gigaflops, other.bf16Gigaflops),
                Math.max(gigabytesPerSecond, other.gigabytesPerSecond));
    }

    /** Of products with frozen weights in a precision. */
    public double gigaflops(Precision precision) {
        return switch (precision) {
            case FP32 -> gigaflops;
            case BF16 -> bf16Gigaflops;
        };
    }

    /** The faster precision: bf16 where it is worth its rounding. */
    public Precision fastest() {
        return bf16Gigaflops >= WORTH * gigaflops ? Precision.BF16 : Precision.FP32;
    }

    /** Measures in a worker of its own, without a model. */
    public static MachineCeiling inWorker(BlockShape shape) {
        try (WorkerConnection connection = new WorkerConnection(WorkerSettings.forThisMachine(WorkerMain.class))) {
            return connection
                    .call(new WorkerRequest.MeasureCeiling(shape), WorkerReply.CeilingMeasured.class)
                    .ceiling();
        }
    }

    /** The fastest of a few rounds. Takes about a second at 135 million parameters. */
    static MachineCeiling measure(BlockShape shape) {
        List<Layer> layers = Layer.of(shape);
        return new MachineCeiling(gigaflops(layers), bf16Gigaflops(layers), bandwidth());
    }

    private static double bandwidth() {
        try (NoGradGuard guard = new NoGradGuard();
                PointerScope scope = new PointerScope()) {
            Tensor tensor = torch.ones(READ_FLOATS);
            return READ_FLOATS * Float.BYTES / fastest(tensor::sum) / 1e9;
        }
    }

    private static double bf16Gigaflops(List<Layer> layers) {
        return Operators.multipliesBf16() ? gigaflops(layers, ScalarType.BFloat16, false) : 0;
    }

    private static double gigaflops(List<Layer> layers) {
        return gigaflops(layers, ScalarType.Float, true);
    }

    /**
     * By oneDNN with blocked weights.
     *
     * @param plain whether the BLAS may be faster
     */
    private static double gigaflops(List<Layer> layers, ScalarType type, boolean plain) {
        double operations = layers.stream().mapToDouble(Layer::operations).sum();
        try (NoGradGuard guard = new NoGradGuard();
                PointerScope scope = new PointerScope()) {
            List<Tensor> inputs = layers.stream()
                    .map(layer -> torch.randn(POSITIONS, layer.in()).to(type))
                    .toList();
            List<Tensor> weights = layers.stream()
                    .map(layer -> torch.randn(layer.out(), layer.in()).to(type))
                    .toList();
            List<Tensor> packed = weights.stream()
                    .map(weight -> Operators.pack(weight, POSITIONS))
                    .toList();
            double fastest = fastest(() -> each(inputs, packed, Operators::linear));
            if (plain) {
                fastest = Math.min(fastest, fastest(() -> each(inputs, weights, (input, w) -> input.mm(w.t()))));
            }
            return operations / fastest / 1e9;
        }
    }

    private static void each(List<Tensor> inputs, List<Tensor> weights, BiConsumer<Tensor, Tensor> product) {
        for (int i = 0; i < inputs.size(); i++) {
            try (PointerScope scope = new PointerScope()) {
                product.accept(inputs.get(i), weights.get(i));
            }
        }
    }

    /** Seconds of the fastest of a few rounds. */
    private static double fastest(Runnable work) {
        double fastest = Double.POSITIVE_INFINITY;
        for (int round = 0; round < ROUNDS; round++) {
            try (PointerScope scope = new PointerScope()) {
                long start = System.nanoTime();
                work.run();
                fastest = Math.min(fastest, (System.nanoTime() - start) / 1e9);
            }
        }
        return fastest;
    }
}
