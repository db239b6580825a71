/**
 * Training and evaluation jobs from beginning to end: a file of demonstrations and a model in, a folder that can be
 * generated with and a manifest out. Reads data, models and checkpoints; writes run folders. Shared by the commands and
 * by the loop.
 */
@NullMarked
package dev.hone.run;

import org.jspecify.annotations.NullMarked;
