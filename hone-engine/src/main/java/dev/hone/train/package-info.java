/**
 * Training: the four verbs over libtorch, in this process or in a worker process. Reads model folders and checkpoints;
 * writes checkpoints and exported models.
 */
@NullMarked
package dev.hone.train;

import org.jspecify.annotations.NullMarked;
