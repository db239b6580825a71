package dev.hone.tensor;

import java.util.List;

/** A value in a GGUF file's metadata. */
public sealed interface GgufValue {

    /** Any of the eight integer types. */
    record Whole(long value) implements GgufValue {}

    /** A 32 or 64 bit floating-point number. */
    record Real(double value) implements GgufValue {}

    /** A boolean. */
    record Flag(boolean value) implements GgufValue {}

    /** A string. */
    record Text(String value) implements GgufValue {}

    /** Values of one type. */
    record Array(List<GgufValue> values) implements GgufValue {
        public Array {
            values = List.copyOf(values);
        }
    }
}
