/** Files that appear whole or not at all. Depends on the JDK alone. */
@NullMarked
package dev.hone.file;

import org.jspecify.annotations.NullMarked;
