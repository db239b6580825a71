package dev.hone.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Copies between Java arrays and tensors. */
public final class HostArrays {
    private static final long[] SCALAR = {};

    private HostArrays() {}

    /** A new int64 vector. Shape: (values.length) */
    public static Tensor longs(long[] values) {
        Tensor tensor =
                torch.empty(new long[] {values.length}, torch.dtype(ScalarType.Long), new MemoryFormatOptional());
        if (values.length > 0) {
            try (Pointer data = tensor.data_ptr()) {
                MemorySegment.ofAddress(data.address())
                        .reinterpret((long) values.length * Long.BYTES)
                        .copyFrom(MemorySegment.ofArray(values));
            }
        }
        return tensor;
    }

    /** A new int64 vector. Shape: (values.length) */
    public static Tensor longs(int[] values) {
        return longs(Arrays.stream(values).asLongStream().toArray());
    }

    /** A new fp32 vector. Shape: (values.length) */
    public static Tensor floats(float... values) {
        Tensor tensor = torch.empty(values.length);
        TensorMemory.floats(tensor).copyFrom(MemorySegment.ofArray(values));
        return tensor;
    }

    /** A new fp32 tensor without dimensions. */
    public static Tensor scalar(float value) {
        return floats(value).view(SCALAR);
    }

    /** The elements of a contiguous fp32 tensor, in row-major order. */
    public static float[] toFloats(Tensor tensor) {
        return TensorMemory.floats(tensor).toArray(ValueLayout.JAVA_FLOAT);
    }
}
