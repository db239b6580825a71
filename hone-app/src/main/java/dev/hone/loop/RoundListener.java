package dev.hone.loop;

import dev.hone.run.Loop;

/** Hears how a round goes, beside what its trainings and judgings tell. */
public interface RoundListener extends Loop.Listener {
    /** A step begins, or goes on after an interruption. */
    default void begins(RoundStep step) {}

    /** A step was done before. */
    default void found(RoundStep step) {}

    /** A step has its result, which is not written down yet. */
    default void made(RoundStep step) {}

    /** A step is done. */
    default void finished(RoundStep step, Record result, double seconds) {}
}
