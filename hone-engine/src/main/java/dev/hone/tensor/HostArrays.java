package dev.hone.tensor;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Copies between Java arrays and tensors. */
public final class HostArrays {
    private HostArrays() {}

    /** A new int64 vector. Shape: (values.length) */
    public static Tensor longs(long[] values) {
        try (LongPointer pointer = new LongPointer(values)) {
            return torch.from_blob(pointer, new long[] {values.length}, torch.dtype(ScalarType.Long))
                    .clone();
        }
    }

    /** A new fp32 vector. Shape: (values.length) */
    public static Tensor floats(float[] values) {
        try (FloatPointer pointer = new FloatPointer(values)) {
            return torch.from_blob(pointer, new long[] {values.length}, torch.dtype(ScalarType.Float))
                    .clone();
        }
    }

    /** The elements of a contiguous fp32 tensor, in row-major order. */
    public static float[] toFloats(Tensor tensor) {
        float[] values = new float[Math.toIntExact(tensor.numel())];
        try (FloatPointer pointer = tensor.data_ptr_float()) {
            pointer.get(values);
        }
        return values;
    }
}
