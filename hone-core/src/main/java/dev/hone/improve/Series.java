package dev.hone.improve;

/**
 * Numbers that came one after the other, such as a grader's scores or a metric's feedback.
 *
 * @param of what they are, for people
 * @param reference those of the reference
 * @param since those after it, in the order in which they came
 * @param window how many of the last of those are of the window
 */
public record Series(String of, double[] reference, double[] since, int window) {}
