package dev.hone.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What two ways cost together, month by month: all by the general model, and with a model of one's own, which is paid for once. Where the lines cross it has
 * paid for itself; below stands within which months that is.
 *
 * @param title what is seen
 * @param currency of the amounts
 * @param now of a month
 * @param once paid at the beginning
 * @param tuned of a month
 * @param months of the crossing; null for never
 * @param half months of half of the draws, first and last; null for never
 * @param ninety months of nine of ten, first and last; null for never
 */
public record BreakEvenPlot(
        String title,
        String currency,
        double now,
        double once,
        double tuned,
        @Nullable Double months,
        Ends half,
        Ends ninety) {
    public static final int WIDTH = 720;
    public static final int HEIGHT = 290;
    private static final int LEFT = 72;
    private static final int RIGHT = 16;
    private static final int TOP = 12;
    private static final int BOTTOM = 78;
    private static final double SHORTEST = 12;
    private static final double LONGEST = 60;

    /** Of an interval; null for never. */
    public record Ends(@Nullable Double low, @Nullable Double high) {}

    /** Months that are drawn: room behind the crossing. */
    public double last() {
        return months == null ? 2 * SHORTEST : Math.clamp(Math.ceil(1.6 * months), SHORTEST, LONGEST);
    }

    public Scale x() {
        return new Scale(0, last(), LEFT, WIDTH - RIGHT, false, 1);
    }

    public Scale y() {
        double high = Math.max(now * last(), Math.max(once, once + tuned * last()));
        double low = Math.min(0, Math.min(once, once + tuned * last()));
        return Scale.around(low, high > low ? high : low + 1, HEIGHT - BOTTOM, TOP);
    }

    /** An SVG path. */
    public String path(double from, double each) {
        return String.format(
                Locale.ROOT,
                "M%.1f %.1fL%.1f %.1f",
                x().at(0),
                y().at(from),
                x().at(last()),
                y().at(from + each * last()));
    }

    /** Where a month is, at the end of the axis where it is beyond, or never. */
    public double at(@Nullable Double month) {
        return x().at(month == null ? last() : Math.clamp(month, 0, last()));
    }

    /** Whether anything is to be seen below: what never pays has no interval. */
    public boolean pays() {
        return months != null || ninety.low() != null;
    }

    /** Whether the crossing is seen. */
    public boolean crosses() {
        return months != null && months <= last();
    }

    /** What the plot shows, for who does not see it. */
    public List<List<String>> values() {
        List<List<String>> values = new ArrayList<>();
        for (int i = 0; i <= 4; i++) {
            double month = last() * i / 4;
            values.add(List.of(
                    String.format(Locale.ROOT, "%.0f", month),
                    String.format(Locale.ROOT, "%,.2f", now * month),
                    String.format(Locale.ROOT, "%,.2f", once + tuned * month)));
        }
        return values;
    }
}
