package dev.hone.improve;

import dev.hone.record.Embedder;

/** Vectors of length 1, and the bytes in which they are kept: a byte a number, which moves a cosine by less than 0.01. */
public final class Vectors {
    private Vectors() {}

    public static byte[] pack(float[] unit) {
        float most = 1e-9f;
        for (float value : unit) {
            most = Math.max(most, Math.abs(value));
        }
        byte[] bytes = new byte[unit.length];
        for (int i = 0; i < unit.length; i++) {
            bytes[i] = (byte) Math.round(unit[i] / most * Byte.MAX_VALUE);
        }
        return bytes;
    }

    public static float[] unpack(byte[] bytes) {
        float[] vector = new float[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            vector[i] = bytes[i];
        }
        return unit(vector);
    }

    static float[] unit(float[] vector) {
        double squares = 0;
        for (float value : vector) {
            squares += (double) value * value;
        }
        double norm = squares == 0 ? 1 : Math.sqrt(squares);
        float[] unit = new float[vector.length];
        for (int i = 0; i < vector.length; i++) {
            unit[i] = (float) (vector[i] / norm);
        }
        return unit;
    }

    /** The distance of two unit vectors along the chord: √(2 − 2 cos). */
    static double distance(float[] a, float[] b) {
        return Math.sqrt(Math.max(0, 2 - 2 * Embedder.cosine(a, b)));
    }
}
