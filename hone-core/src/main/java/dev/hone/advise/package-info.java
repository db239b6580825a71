/**
 * Advice: which use cases there are in traces, what each costs, and whether a model of its own would pay. Reads calls that the store has,
 * prices from a file, and what evaluations say; writes nothing.
 */
@NullMarked
package dev.hone.advise;

import org.jspecify.annotations.NullMarked;
