/** Graders: pure functions of a task and an output. Reads and writes nothing. */
@NullMarked
package dev.hone.grade;

import org.jspecify.annotations.NullMarked;
