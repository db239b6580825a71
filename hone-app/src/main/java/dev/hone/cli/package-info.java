/**
 * The commands. Read options and standard input; write standard output (results) and standard error (progress, errors).
 */
@NullMarked
package dev.hone.cli;

import org.jspecify.annotations.NullMarked;
