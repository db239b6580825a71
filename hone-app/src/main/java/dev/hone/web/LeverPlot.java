package dev.hone.web;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What an outcome hangs on: for each input where it is with the input alone at its low and at its high end.
 *
 * @param title what is seen
 * @param middle where it is now; null for never
 * @param rows what matters most first
 */
public record LeverPlot(String title, @Nullable Double middle, List<Row> rows) {
    public static final int WIDTH = 720;
    public static final int LINE = 26;
    private static final int LEFT = 320;
    private static final int RIGHT = 56;
    private static final int LONGEST = 48;
    private static final double LEAST = 1;

    /**
     * An input.
     *
     * @param label at its left
     * @param low months at its low end; null for never
     * @param high months at its high end; null for never
     */
    public record Row(
            String label, @Nullable Double low, @Nullable Double high) {
        public String shortLabel() {
            return label.length() <= LONGEST ? label : label.substring(0, LONGEST - 1) + "…";
        }
    }

    public LeverPlot {
        rows = List.copyOf(rows);
    }

    public int height() {
        return rows.size() * LINE + 34;
    }

    /** As far as twice what is now, or as the farthest that is known. */
    public Scale x() {
        double high = middle == null ? LEAST : middle;
        for (Row row : rows) {
            for (Double end : new Double[] {row.low(), row.high()}) {
                if (end != null && (middle == null || end <= 4 * middle)) {
                    high = Math.max(high, end);
                }
            }
        }
        return Scale.around(0, Math.max(LEAST, 1.1 * high), LEFT, WIDTH - RIGHT);
    }

    /** Where a month is, at the end of the axis where it is beyond, or never. */
    public double at(@Nullable Double month) {
        Scale x = x();
        return month == null ? x.to() : Math.min(x.to(), x.at(month));
    }

    /** In words. */
    public String shown(@Nullable Double month) {
        return month == null ? "never" : String.format(Locale.ROOT, "%.1f", month);
    }

    /** What the plot shows, for who does not see it. */
    public List<List<String>> values() {
        return rows.stream()
                .map(row -> List.of(row.label(), shown(row.low()), shown(row.high())))
                .toList();
    }
}
