/**
 * Promotion: whether a version may have any of a use case's calls (gates, judged on reports), whether a candidate may take more of them, judged while they come in, and
 * what calls follow by that. Reads reports and sums of what came of calls; writes what was decided, and where calls go, to the database and to a file beside it.
 */
@NullMarked
package dev.hone.promote;

import org.jspecify.annotations.NullMarked;
