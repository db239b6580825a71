/**
 * What was captured and is not yet in the database: an append-only sequence of records in segments on a disk. Reads and writes its
 * own folder; knows nothing of what the records mean.
 */
@NullMarked
package dev.hone.capture.journal;

import org.jspecify.annotations.NullMarked;
