/**
 * Production, watched: takes a sample of the calls in, grades it, looks for drift, says what an expert should see and whether a loop should start, and takes
 * experts' labels. Reads traces, feedback and charters; writes what is watched, looks, labels, and, by way of the journal, feedback.
 */
@NullMarked
package dev.hone.watch;

import org.jspecify.annotations.NullMarked;
