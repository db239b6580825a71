/**
 * Work that can be graded, and the files it comes from. Reads datasets and files of demonstrations; writes nothing.
 */
@NullMarked
package dev.hone.task;

import org.jspecify.annotations.NullMarked;
