package dev.hone.record;

/** Turns a text into a vector of length 1; texts of like meaning point the same way. Implemented by a model. */
@FunctionalInterface
public interface Embedder {
    float[] embed(String text);
}
