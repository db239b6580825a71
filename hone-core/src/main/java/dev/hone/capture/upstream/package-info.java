/**
 * Servers that have models: where they are, what they cost, and how they are asked. Reads nothing but their answers; keys come from the
 * configuration.
 */
@NullMarked
package dev.hone.capture.upstream;

import org.jspecify.annotations.NullMarked;
