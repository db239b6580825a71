/**
 * Plain data and the seams between the stages. Reads and writes nothing; depends on the JDK and JSpecify alone.
 */
@NullMarked
package dev.hone.record;

import org.jspecify.annotations.NullMarked;
