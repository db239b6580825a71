package dev.hone.algorithm;

/** What happens to an example with more tokens than allowed. */
public enum OverLong {
    /** Its end is cut off. */
    TRUNCATE,
    /** It is left out. */
    DROP
}
