/**
 * What must not be stored: finds it in texts, puts tokens such as {@code <EMAIL_1>} in its place, and puts it back into answers.
 * Reads and writes texts and JSON; keeps nothing on a disk.
 */
@NullMarked
package dev.hone.capture.redact;

import org.jspecify.annotations.NullMarked;
