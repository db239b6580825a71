/**
 * What comes back on calls, from a product to the journal: read strictly, checked against what the use case declares and against the
 * traces that there are, redacted, and written once. Reads {@link dev.hone.store.Feedbacks} and the journal; writes the journal, from
 * which {@link dev.hone.capture.JournalDrain} stores it.
 */
@NullMarked
package dev.hone.capture.feedback;

import org.jspecify.annotations.NullMarked;
