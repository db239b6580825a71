package dev.hone.sample;

/** Turns token ids into text; needed for stop strings alone. */
@FunctionalInterface
public interface Detokenizer {
    String decode(int[] tokens);
}
