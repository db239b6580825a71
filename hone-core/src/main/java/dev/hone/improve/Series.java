package dev.hone.improve;

/**
 * Numbers that came one after the other, such as a grader's scores or a metric's feedback.
 *
 * @param of what they are, for people
 * @param better which way they are better
 * @param reference those of the reference
 * @param since those after it, in the order in which they came
 * @param window how many of the last of those are of the window
 */
public record Series(String of, Better better, double[] reference, double[] since, int window) {
    /** Which way numbers are better. */
    public enum Better {
        HIGHER,
        LOWER,
        /** Nobody says so: any change counts. */
        UNKNOWN
    }
}
