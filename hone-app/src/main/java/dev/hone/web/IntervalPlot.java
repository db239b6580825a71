package dev.hone.web;

import dev.hone.evaluate.Interval;
import java.util.List;

/**
 * Shares with their intervals, one below the other.
 *
 * @param title what is seen
 * @param rows from above
 */
public record IntervalPlot(String title, List<Row> rows) {
    public static final int WIDTH = 720;
    public static final int LINE = 26;
    private static final int LEFT = 250;
    private static final int RIGHT = 56;
    private static final int LONGEST = 34;

    /**
     * A line.
     *
     * @param label at its left
     * @param marks on it
     */
    public record Row(String label, List<Mark> marks) {
        /** The label, cut to its room. */
        public String shortLabel() {
            return label.length() <= LONGEST ? label : label.substring(0, LONGEST - 1) + "…";
        }
    }

    /**
     * A share.
     *
     * @param name of what it belongs to
     * @param series number of its colour, from 0
     */
    public record Mark(String name, int series, Interval share) {}

    public IntervalPlot {
        rows = List.copyOf(rows);
    }

    public int height() {
        return rows.size() * LINE + 34;
    }

    public Scale x() {
        return new Scale(0, 100, LEFT, WIDTH - RIGHT, false, 0);
    }
}
