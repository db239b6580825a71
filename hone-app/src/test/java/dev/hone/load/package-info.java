/**
 * Real processes under load and under faults: a server that plays a model's, clients that count, and what compares them. Reads and
 * writes over the loopback; starts {@code hone serve} as it is shipped.
 */
@NullMarked
package dev.hone.load;

import org.jspecify.annotations.NullMarked;
