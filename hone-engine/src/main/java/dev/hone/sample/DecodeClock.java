package dev.hone.sample;

import dev.hone.record.DecodeTime;

/** Adds up what drawing tokens takes. For one thread at a time. */
final class DecodeClock {
    private long steps;
    private long nanos;
    private long maskNanos;

    /** Some tokens were drawn, which began at a reading of {@link System#nanoTime}. */
    void drew(long start) {
        nanos += System.nanoTime() - start;
    }

    /** One token of every row was drawn. */
    void stepped(long start) {
        steps++;
        drew(start);
    }

    /** A constraint was followed. */
    void masked(long start) {
        maskNanos += System.nanoTime() - start;
    }

    DecodeTime time() {
        return new DecodeTime(steps, nanos, maskNanos);
    }
}
