package dev.hone.improve;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * Some of what came after the reference, of which something is told.
 *
 * @param before how many of the first of that count as what was before it, beside the reference
 * @param from its first, counted from 0
 * @param until the one behind its last
 * @param where in words, with a space before them; empty for the window
 */
record Stretch(int before, int from, int until, String where) {
    /** What the evidence of a change is made of: what came between the reference and the change is of the time before it. */
    static Stretch of(Evidence evidence) {
        return new Stretch(
                evidence.from(),
                evidence.from(),
                evidence.until(),
                " in the %d since it changed".formatted(evidence.until() - evidence.from()));
    }

    /** The last of so many. */
    static Stretch last(int count, int of) {
        return new Stretch(0, of - count, of, "");
    }

    <T> List<T> now(List<T> since) {
        return since.subList(from, until);
    }

    double[] now(double[] since) {
        return Arrays.copyOfRange(since, from, until);
    }

    <T> List<T> then(List<T> reference, List<T> since) {
        return Stream.concat(reference.stream(), since.subList(0, before).stream())
                .toList();
    }

    double[] then(double[] reference, double[] since) {
        return DoubleStream.concat(Arrays.stream(reference), Arrays.stream(since, 0, before))
                .toArray();
    }
}
