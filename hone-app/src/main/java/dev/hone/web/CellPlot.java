package dev.hone.web;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Shares of contenders in several cells, a line a contender and a point a cell, with the mean of all.
 *
 * @param title what is seen
 * @param cells from above within a line
 * @param rows from above
 */
public record CellPlot(String title, List<Cell> cells, List<Row> rows) {
    public static final int WIDTH = 720;
    private static final int LEFT = 250;
    private static final int RIGHT = 56;
    private static final int TOP = 4;
    private static final int BOTTOM = 24;
    private static final int LEAST_LINE = 26;
    private static final int LONGEST = 34;

    /** Between two cells of a line, so that equal shares do not hide each other, and around them. */
    private static final double APART = 5;

    private static final double ROOM = 12;

    /**
     * A cell.
     *
     * @param series number of its colour, from 0
     * @param hollow whether its points are rings
     */
    public record Cell(String name, int series, boolean hollow) {}

    /**
     * A contender.
     *
     * @param shares one a cell; null where it was not judged
     */
    public record Row(String label, List<@Nullable Double> shares) {
        public Row {
            shares = shares.stream().toList();
            if (shares.stream().allMatch(Objects::isNull)) {
                throw new IllegalArgumentException("[" + label + "] has no points");
            }
        }

        /** The label, cut to its room. */
        public String shortLabel() {
            return label.length() <= LONGEST ? label : label.substring(0, LONGEST - 1) + "…";
        }

        public double mean() {
            return judged().mapToDouble(share -> share).average().orElseThrow();
        }

        private Stream<Double> judged() {
            return shares.stream().filter(Objects::nonNull).map(Objects::requireNonNull);
        }
    }

    public CellPlot {
        cells = List.copyOf(cells);
        rows = List.copyOf(rows);
    }

    public double line() {
        return Math.max(LEAST_LINE, (cells.size() - 1) * APART + ROOM);
    }

    public double height() {
        return TOP + rows.size() * line() + BOTTOM;
    }

    /** The middle of a line. */
    public double middle(int row) {
        return TOP + (row + 0.5) * line();
    }

    /** Where a cell's point is in a line. */
    public double y(int row, int cell) {
        return middle(row) + (cell - (cells.size() - 1) / 2.0) * APART;
    }

    public Scale x() {
        return new Scale(0, 100, LEFT, WIDTH - RIGHT, false, 0);
    }

    /** For who does not see them: contender, share of every cell, mean. */
    public List<List<String>> values() {
        return rows.stream()
                .map(row -> Stream.concat(
                                Stream.concat(
                                        Stream.of(row.label()),
                                        row.shares().stream().map(CellPlot::percent)),
                                Stream.of(percent(row.mean())))
                        .toList())
                .toList();
    }

    /** Names of the columns of {@link #values}. */
    public List<String> columns() {
        return Stream.concat(
                        Stream.concat(Stream.of("contender"), cells.stream().map(Cell::name)), Stream.of("mean"))
                .toList();
    }

    /** {@code 45.5}; a dash where nobody was judged. */
    public static String percent(@Nullable Double share) {
        return share == null ? "–" : String.format(Locale.ROOT, "%.1f", 100 * share);
    }
}
