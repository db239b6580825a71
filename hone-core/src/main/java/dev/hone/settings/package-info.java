/**
 * Files of settings, read strictly: YAML of values alone, with every key asked for by its name and type, and messages that say file, line
 * and remedy. Reads files; writes nothing.
 */
@NullMarked
package dev.hone.settings;

import org.jspecify.annotations.NullMarked;
