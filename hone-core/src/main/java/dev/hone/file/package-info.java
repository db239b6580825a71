/** Files that appear whole or not at all, and folders that go with their process. Depends on the JDK alone. */
@NullMarked
package dev.hone.file;

import org.jspecify.annotations.NullMarked;
