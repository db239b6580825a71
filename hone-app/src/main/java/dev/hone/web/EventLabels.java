package dev.hone.web;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Numbers of events above a plot, so that none stands on another: those whose lines are next to each other are one label ({@code 3–4}), and others that are close stand in
 * rows.
 */
final class EventLabels {
    static final int ROWS = 3;

    /** Pixels from row to row. */
    static final double ROW = 15;

    /** Of a digit in the plot's letters, in bold ones of the widest usual fonts. */
    private static final double DIGIT = 9.2;

    private static final double GAP = 4;

    /** Lines that are not farther apart look like one. */
    private static final double ONE = 3;

    private EventLabels() {}

    /**
     * A label.
     *
     * @param first number of its first event, from 1
     * @param last number of its last
     * @param row from below, from 0
     * @param left pixel
     * @param right pixel
     */
    record Label(int first, int last, int row, double left, double right) {
        String text() {
            return first == last ? String.valueOf(first) : first + "–" + last;
        }

        double middle() {
            return (left + right) / 2;
        }
    }

    /** Events that one label is for. */
    private record Group(int first, int last, double from, double to) {
        Group with(Group next) {
            return new Group(first, next.last, from, next.to);
        }

        double width() {
            return DIGIT * new Label(first, last, 0, 0, 0).text().length();
        }
    }

    /**
     * Lays them out.
     *
     * @param at pixel of each event, in the order of their times
     * @param from leftmost pixel that there is
     * @param to rightmost one
     */
    static List<Label> of(List<Double> at, double from, double to) {
        List<Group> groups = new ArrayList<>();
        for (int i = 0; i < at.size(); i++) {
            Group one = new Group(i + 1, i + 1, at.get(i), at.get(i));
            if (!groups.isEmpty() && one.to() - groups.getLast().from() <= ONE) {
                groups.set(groups.size() - 1, groups.getLast().with(one));
            } else {
                groups.add(one);
            }
        }
        while (true) {
            List<Label> labels = new ArrayList<>();
            int stuck = place(groups, from, to, labels);
            if (stuck == 0) {
                return labels;
            }
            groups.set(stuck - 1, groups.get(stuck - 1).with(groups.get(stuck)));
            groups.remove(stuck);
        }
    }

    /** Each in the lowest row that has room. @return the first group that none has; 0 where all have */
    private static int place(List<Group> groups, double from, double to, List<Label> labels) {
        double[] taken = new double[ROWS];
        Arrays.fill(taken, Double.NEGATIVE_INFINITY);
        for (int i = 0; i < groups.size(); i++) {
            Group group = groups.get(i);
            double width = group.width();
            double left = Math.clamp((group.from() + group.to() - width) / 2, from, Math.max(from, to - width));
            int row = 0;
            while (row < ROWS && taken[row] + GAP > left) {
                row++;
            }
            if (row == ROWS) {
                return i;
            }
            taken[row] = left + width;
            labels.add(new Label(group.first(), group.last(), row, left, left + width));
        }
        return 0;
    }
}
