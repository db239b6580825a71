/**
 * JSON Schema as what may be written next: reads a schema, follows a text byte by byte, says whether it may go on so and
 * whether it may end. Writes nothing.
 */
@NullMarked
package dev.hone.schema;

import org.jspecify.annotations.NullMarked;
