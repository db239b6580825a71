package dev.hone.tensor;

import java.util.Arrays;
import java.util.stream.Collectors;

/** How the numbers of a stored tensor are encoded: those that can be read. All are decoded to fp32. */
public enum DataType {
    F32(1, 4),
    F16(1, 2),
    BF16(1, 2),
    /** Blocks of 32: an fp16 scale, 32 signed nibbles with an offset of 8. */
    Q4_0(32, 18),
    /** Blocks of 32: an fp16 scale, an fp16 minimum, 32 unsigned nibbles. */
    Q4_1(32, 20),
    /** Blocks of 32: an fp16 scale, 32 signed bytes. */
    Q8_0(32, 34);

    private final int blockElements;
    private final int blockBytes;

    DataType(int blockElements, int blockBytes) {
        this.blockElements = blockElements;
        this.blockBytes = blockBytes;
    }

    /** Number of elements that are encoded together; a row is a whole number of blocks. */
    public int blockElements() {
        return blockElements;
    }

    /** Bytes of an encoded block. */
    public int blockBytes() {
        return blockBytes;
    }

    /**
     * Bytes of this many elements.
     *
     * @throws ArithmeticException if the size exceeds 63 bits
     */
    long bytes(long elements) {
        return Math.multiplyExact(elements / blockElements, (long) blockBytes);
    }

    /** Names of all supported types, for messages. */
    static String supported() {
        return Arrays.stream(values()).map(DataType::name).collect(Collectors.joining(", "));
    }
}
