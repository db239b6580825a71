package dev.hone.tensor;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;

/**
 * A tensor inside a model file, still encoded. Made by the readers of model files, whose mapping backs {@code bytes};
 * consumed by the weights loader.
 *
 * @param file where it is stored, for messages
 * @param name unique in its file
 * @param type encoding
 * @param shape row-major, outermost dimension first; empty for a scalar
 * @param bytes the encoded elements, valid until the file is closed
 */
public record StoredTensor(Path file, String name, DataType type, List<Long> shape, MemorySegment bytes) {

    public StoredTensor {
        shape = List.copyOf(shape);
    }

    /** Number of elements. */
    public long elements() {
        return bytes.byteSize() / type.blockBytes() * type.blockElements();
    }

    /**
     * Decodes all elements, large tensors on all cores.
     *
     * @param target native-order fp32, four bytes an element, accessible from any thread
     * @throws ModelFileException if the file was cut short since it was opened
     */
    public void copyTo(MemorySegment target) {
        if (target.byteSize() != elements() * Float.BYTES) {
            throw new IllegalArgumentException("Tensor [%s] has [%d] elements, the target holds [%d] bytes"
                    .formatted(name, elements(), target.byteSize()));
        }
        try {
            Decoder.decode(type, bytes, target);
        } catch (InternalError e) {
            // The JVM's answer to SIGBUS in a mapping.
            throw new ModelFileException(
                    file,
                    "could not be read at tensor [" + name + "]: it was cut short or its disk failed",
                    "leave model files alone while they are read, or download the file again",
                    e);
        }
    }
}
