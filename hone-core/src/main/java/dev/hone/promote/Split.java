package dev.hone.promote;

/**
 * What came of the calls of two variants while these were divided between them in the same proportion. When the share of one grows while all calls get
 * harder, its mean falls in comparison, although it is no worse: so differences are looked for within splits alone.
 */
public record Split(Tally first, Tally second) {}
