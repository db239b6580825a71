/**
 * What {@code hone serve} runs: the gateway with its journal, the database as soon as it answers, and the files, read again whenever they
 * change. Reads hone.yaml and the charters; writes the journal, and from it the traces.
 */
@NullMarked
package dev.hone.serve;

import org.jspecify.annotations.NullMarked;
