/**
 * Evaluation: scores of outputs against what was right, with their uncertainty. Reads and writes nothing.
 */
@NullMarked
package dev.hone.evaluate;

import org.jspecify.annotations.NullMarked;
