/**
 * The loop that goes on: rounds from labels to a version that may take calls, in steps that are found again when they are done, and a digest of each day.
 * Reads traces, labels and versions of the store, and a use case's charter; writes a folder a round in Hone's home, and what the steps write.
 */
@NullMarked
package dev.hone.loop;

import org.jspecify.annotations.NullMarked;
