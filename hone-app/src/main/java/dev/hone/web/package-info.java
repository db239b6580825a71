/** Pages for people: figures become HTML with plots drawn as SVG, one file that needs nothing else. Reads and writes no files itself. */
@NullMarked
package dev.hone.web;

import org.jspecify.annotations.NullMarked;
