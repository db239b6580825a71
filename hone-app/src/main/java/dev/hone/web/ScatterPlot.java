package dev.hone.web;

import dev.hone.evaluate.Interval;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Quality against what it costs.
 *
 * @param title what is seen
 * @param unit of the cost
 * @param points at least one, each with a cost above 0
 */
public record ScatterPlot(String title, String unit, List<Point> points) {
    public static final int WIDTH = 720;
    public static final int HEIGHT = 320;
    private static final int LEFT = 56;
    private static final int RIGHT = 20;
    private static final int TOP = 14;
    private static final int BOTTOM = 44;

    /** Share of the width from which on labels are at the left. */
    private static final double LEFTWARD = 0.6;

    /** Room of a label. */
    private static final int WIDE = 190;

    private static final int LINE = 15;

    /** A contender. */
    public record Point(String name, int series, double cost, Interval quality) {}

    public ScatterPlot {
        points = List.copyOf(points);
    }

    public Scale x() {
        double low = points.stream().mapToDouble(Point::cost).min().orElseThrow();
        double high = points.stream().mapToDouble(Point::cost).max().orElseThrow();
        return Scale.ratios(low, high, LEFT, WIDTH - RIGHT);
    }

    public Scale y() {
        double high = points.stream()
                .mapToDouble(point -> point.quality().high())
                .max()
                .orElseThrow();
        return Scale.around(0, 100 * high, HEIGHT - BOTTOM, TOP);
    }

    /**
     * The name of a point, beside it.
     *
     * @param anchor which end of the text is at x
     */
    public record Label(String name, double x, double y, String anchor) {}

    /** Labels to the right of their points, in the right part of the plot to the left; moved down where they would overlap. */
    public List<Label> labels() {
        List<Label> labels = new ArrayList<>();
        Scale x = x();
        Scale y = y();
        List<Point> fromAbove = points.stream()
                .sorted(Comparator.comparingDouble(point -> -point.quality().value()))
                .toList();
        for (Point point : fromAbove) {
            double across = x.at(point.cost());
            boolean left = across > LEFT + LEFTWARD * (WIDTH - LEFT - RIGHT);
            double down = y.at(100 * point.quality().value()) + 4;
            for (Label placed : labels) {
                boolean near = placed.anchor().equals(left ? "end" : "start") && Math.abs(placed.x() - across) < WIDE;
                if (near && down < placed.y() + LINE) {
                    down = placed.y() + LINE;
                }
            }
            labels.add(new Label(point.name(), left ? across - 10 : across + 10, down, left ? "end" : "start"));
        }
        return labels;
    }

    /** The points that no other beats in both, the cheapest first: an SVG path of steps. */
    public String front() {
        List<Point> sorted = points.stream()
                .sorted(Comparator.comparingDouble(Point::cost)
                        .thenComparing(point -> -point.quality().value()))
                .toList();
        List<String> steps = new ArrayList<>();
        double best = -1;
        for (Point point : sorted) {
            if (point.quality().value() > best) {
                best = point.quality().value();
                double y = y().at(100 * best);
                double across = x().at(point.cost());
                steps.add(String.format(Locale.ROOT, steps.isEmpty() ? "M%.1f %.1f" : "H%.1fV%.1f", across, y));
            }
        }
        return String.join("", steps) + "H" + (WIDTH - RIGHT);
    }
}
