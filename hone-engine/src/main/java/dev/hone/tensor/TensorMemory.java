package dev.hone.tensor;

import java.lang.foreign.MemorySegment;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Where libtorch's memory and Java's meet. */
public final class TensorMemory {

    private TensorMemory() {}

    /**
     * The elements of a tensor in place: no copy. Valid only while the tensor lives, which the segment does not ensure.
     *
     * @param tensor contiguous fp32 on the CPU
     */
    public static MemorySegment floats(Tensor tensor) {
        if (tensor.scalar_type().intern() != ScalarType.Float || !tensor.is_contiguous() || !tensor.is_cpu()) {
            throw new IllegalArgumentException("Only a contiguous fp32 tensor on the CPU is plain memory, not one of "
                    + tensor.scalar_type().intern());
        }
        if (tensor.numel() == 0) {
            return MemorySegment.NULL;
        }
        try (Pointer pointer = tensor.data_ptr()) {
            return MemorySegment.ofAddress(pointer.address()).reinterpret(tensor.numel() * Float.BYTES);
        }
    }

    /** A stored tensor decoded into a new fp32 tensor of the same shape. */
    public static Tensor read(StoredTensor stored) {
        Tensor tensor =
                torch.empty(stored.shape().stream().mapToLong(Long::longValue).toArray());
        stored.copyTo(floats(tensor));
        return tensor;
    }
}
