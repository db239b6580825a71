package dev.hone.web;

import java.util.List;
import java.util.Locale;

/**
 * Counts over time, each a bar whose lower part may be marked.
 *
 * @param title what is seen
 * @param bars from the left
 * @param counted what a bar is
 * @param marked what the lower part of a bar is
 */
public record BarPlot(String title, List<Bar> bars, String counted, String marked) {
    public static final int WIDTH = 1000;
    public static final int HEIGHT = 180;
    private static final int LEFT = 72;
    private static final int RIGHT = 8;
    private static final int TOP = 10;
    private static final int BOTTOM = 24;
    private static final int LABELS = 12;

    /**
     * @param label below it
     * @param title what is said of it
     */
    public record Bar(String label, String title, double value, double marked) {}

    public BarPlot {
        bars = List.copyOf(bars);
    }

    public Scale y() {
        double high = bars.stream().mapToDouble(Bar::value).max().orElse(0);
        return Scale.around(0, Math.max(1, high), HEIGHT - BOTTOM, TOP);
    }

    /** The left of a bar. */
    public double x(int bar) {
        return LEFT + bar * step();
    }

    public double width() {
        return Math.max(1, step() - 2);
    }

    private double step() {
        return (double) (WIDTH - LEFT - RIGHT) / Math.max(1, bars.size());
    }

    public double left() {
        return LEFT;
    }

    public double right() {
        return WIDTH - RIGHT;
    }

    /** What the bars stand for, for who does not see them: label, value, and of it what is marked. */
    public List<List<String>> values() {
        return bars.stream()
                .map(bar -> List.of(
                        bar.label(),
                        String.format(Locale.ROOT, "%,.0f", bar.value()),
                        String.format(Locale.ROOT, "%,.0f", bar.marked())))
                .toList();
    }

    /** Whether a bar's label is written: as many are as do not overlap. */
    public boolean isLabelled(int bar) {
        return bar % Math.max(1, (int) Math.ceil((double) bars.size() / LABELS)) == 0;
    }
}
