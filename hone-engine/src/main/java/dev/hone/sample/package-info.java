/**
 * Generation: batched decoding with a key-value cache, and the choice of tokens. Reads weights in memory; writes nothing.
 */
@NullMarked
package dev.hone.sample;

import org.jspecify.annotations.NullMarked;
