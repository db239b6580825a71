/**
 * Contenders that label texts without a language model: quick to learn, cheap to run, and often enough. Reads tasks, writes
 * nothing.
 */
@NullMarked
package dev.hone.evaluate.classic;

import org.jspecify.annotations.NullMarked;
