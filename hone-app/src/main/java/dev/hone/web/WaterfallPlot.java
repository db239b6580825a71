package dev.hone.web;

import java.util.List;

/**
 * Stretches of time, one below the other.
 *
 * @param title what is seen
 * @param millis from the left to the right
 * @param rows from above
 */
public record WaterfallPlot(String title, double millis, List<Row> rows) {
    public static final int WIDTH = 420;
    public static final int LINE = 24;
    private static final int LEFT = 112;
    private static final int RIGHT = 64;
    private static final int LONGEST = 14;

    /**
     * A stretch.
     *
     * @param label at its left
     * @param title what is said of it
     * @param from milliseconds after the beginning
     * @param to milliseconds after the beginning
     * @param series number of its colour
     * @param end at its right
     */
    public record Row(String label, String title, double from, double to, int series, String end) {
        /** The label, cut to its room. */
        public String shortLabel() {
            return label.length() <= LONGEST ? label : label.substring(0, LONGEST - 1) + "…";
        }
    }

    public WaterfallPlot {
        rows = List.copyOf(rows);
    }

    public int height() {
        return rows.size() * LINE + 26;
    }

    public Scale x() {
        return new Scale(0, Math.max(1e-3, millis), LEFT, WIDTH - RIGHT, false, 0);
    }

    /** A stretch that is too short to be seen is drawn as a line. */
    public double width(Row row) {
        return Math.max(1.5, x().at(row.to()) - x().at(row.from()));
    }

    /** What the stretches stand for, for who does not see them: label, what is said of it, and how long. */
    public List<List<String>> values() {
        return rows.stream()
                .map(row -> List.of(row.label(), row.title(), row.end()))
                .toList();
    }
}
