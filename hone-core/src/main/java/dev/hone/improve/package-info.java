/**
 * What production tells once a model answers in it: which calls are looked at, how they are graded without anybody's right answer, whether they have
 * drifted, which of them an expert should see, whether experts agree, and whether a loop should start. Pure functions over what the store has read;
 * reads the key {@code improve} of charters; writes nothing.
 */
@NullMarked
package dev.hone.improve;

import org.jspecify.annotations.NullMarked;
