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

    /** Whether a label belongs to the left of its point, since the plot ends at its right. */
    public boolean leftward(Point point) {
        return x().at(point.cost()) > LEFT + 0.6 * (WIDTH - LEFT - RIGHT);
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
