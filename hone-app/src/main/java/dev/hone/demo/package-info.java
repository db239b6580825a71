/**
 * The demo of the loop: a world of simulated users, a simulated general model and a simulated expert around a real gateway, and the story that is told of it. Reads
 * public data; asks and judges over HTTP as a product would; writes a folder with a home of its own and what was measured.
 */
@NullMarked
package dev.hone.demo;

import org.jspecify.annotations.NullMarked;
