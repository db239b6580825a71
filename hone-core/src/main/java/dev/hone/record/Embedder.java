package dev.hone.record;

/** Turns a text into a vector of length 1; texts of like meaning point the same way. Implemented by a model. */
@FunctionalInterface
public interface Embedder {
    float[] embed(String text);

    /** Of two vectors of length 1. */
    static double cosine(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }
}
