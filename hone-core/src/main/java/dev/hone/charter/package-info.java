/**
 * What a use case is for, in one file: its owner, its job, what is good, what it may cost, who may see it. Reads
 * {@code use-cases/NAME.yaml} strictly; writes nothing.
 */
@NullMarked
package dev.hone.charter;

import org.jspecify.annotations.NullMarked;
