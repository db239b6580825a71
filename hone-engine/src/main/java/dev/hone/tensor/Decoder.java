package dev.hone.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.stream.LongStream;

/** Encoded elements to fp32, bit for bit as ggml's reference ({@code dequantize_row_*}) and Python's gguf do it. */
final class Decoder {

    /** Elements decoded by one task: small enough for the second-level cache, a multiple of every block size. */
    private static final int CHUNK = 1 << 15;

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Decoder() {}

    static void decode(DataType type, MemorySegment source, MemorySegment target) {
        long elements = target.byteSize() / Float.BYTES;
        long chunks = Math.ceilDiv(elements, CHUNK);
        var range = LongStream.range(0, chunks);
        (chunks > 8 ? range.parallel() : range).forEach(chunk -> {
            long first = chunk * CHUNK;
            int count = (int) Math.min(CHUNK, elements - first);
            decode(
                    type,
                    source.asSlice(type.bytes(first), type.bytes(count)),
                    target.asSlice(first * Float.BYTES, (long) count * Float.BYTES),
                    count);
        });
    }

    private static void decode(DataType type, MemorySegment source, MemorySegment target, int count) {
        if (type == DataType.F32) {
            MemorySegment.copy(source, FLOAT, 0, target, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, count);
            return;
        }
        float[] floats = new float[count];
        switch (type) {
            case F32 -> throw new AssertionError("copied above");
            case F16 -> {
                for (int i = 0; i < count; i++) {
                    floats[i] = Float.float16ToFloat(source.get(SHORT, 2L * i));
                }
            }
            case BF16 -> {
                for (int i = 0; i < count; i++) {
                    floats[i] = Float.intBitsToFloat(source.get(SHORT, 2L * i) << 16);
                }
            }
            case Q4_0 -> q4_0(source, floats);
            case Q4_1 -> q4_1(source, floats);
            case Q8_0 -> q8_0(source, floats);
        }
        MemorySegment.copy(floats, 0, target, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, count);
    }

    /** Low nibbles are elements 0 to 15 of a block, high nibbles 16 to 31; value = scale · (nibble − 8). */
    private static void q4_0(MemorySegment source, float[] floats) {
        long block = 0;
        for (int first = 0; first < floats.length; first += 32, block += 18) {
            float scale = half(source, block);
            for (int i = 0; i < 16; i++) {
                byte pair = source.get(ValueLayout.JAVA_BYTE, block + 2 + i);
                floats[first + i] = scale * ((pair & 15) - 8);
                floats[first + 16 + i] = scale * ((pair >> 4 & 15) - 8);
            }
        }
    }

    /** As Q4_0, value = scale · nibble + minimum. */
    private static void q4_1(MemorySegment source, float[] floats) {
        long block = 0;
        for (int first = 0; first < floats.length; first += 32, block += 20) {
            float scale = half(source, block);
            float minimum = half(source, block + 2);
            for (int i = 0; i < 16; i++) {
                byte pair = source.get(ValueLayout.JAVA_BYTE, block + 4 + i);
                floats[first + i] = scale * (pair & 15) + minimum;
                floats[first + 16 + i] = scale * (pair >> 4 & 15) + minimum;
            }
        }
    }

    /** Value = scale · byte. */
    private static void q8_0(MemorySegment source, float[] floats) {
        long block = 0;
        for (int first = 0; first < floats.length; first += 32, block += 34) {
            float scale = half(source, block);
            for (int i = 0; i < 32; i++) {
                floats[first + i] = scale * source.get(ValueLayout.JAVA_BYTE, block + 2 + i);
            }
        }
    }

    private static float half(MemorySegment source, long offset) {
        return Float.float16ToFloat(source.get(SHORT, offset));
    }
}
