/**
 * In the path of a product's model calls: what passes is answered by whom the routes say, and becomes a durable trace. Reads
 * requests and configuration; writes the journal, and from it the store.
 */
@NullMarked
package dev.hone.capture;

import org.jspecify.annotations.NullMarked;
