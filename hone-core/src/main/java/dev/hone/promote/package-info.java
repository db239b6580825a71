/**
 * Promotion: whether a candidate may take more of a use case's calls, judged while they come in. Reads sums of what came of calls; writes
 * nothing.
 */
@NullMarked
package dev.hone.promote;

import org.jspecify.annotations.NullMarked;
