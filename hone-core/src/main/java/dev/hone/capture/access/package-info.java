/**
 * Who may call: keys and what they allow. Reads the keys of the store; the keys themselves are in callers' hands alone.
 */
@NullMarked
package dev.hone.capture.access;

import org.jspecify.annotations.NullMarked;
