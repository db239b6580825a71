/**
 * The composition root and the loop. Reads the command line; writes nothing itself.
 */
@NullMarked
package dev.hone;

import org.jspecify.annotations.NullMarked;
