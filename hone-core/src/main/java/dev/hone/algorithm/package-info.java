/**
 * Training methods as data: demonstrations become batches of {@link dev.hone.record.Datum} for a
 * {@link dev.hone.record.TrainingClient}. No tensors. Reads and writes the checkpoints of a run.
 */
@NullMarked
package dev.hone.algorithm;

import org.jspecify.annotations.NullMarked;
