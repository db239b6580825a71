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

    /** Of a label: width of a letter, about, height of a line, and distance from its point. */
    private static final double LETTER = 6.4;

    private static final int LINE = 15;
    private static final int GAP = 10;

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

    /** Where a label is, in the plot's units. */
    record Box(double left, double right, double top, double bottom) {
        static Box of(Label label) {
            double width = LETTER * label.name().length();
            double left = label.anchor().equals("end") ? label.x() - width : label.x();
            return new Box(left, left + width, label.y() - LINE + 4, label.y() + 4);
        }

        boolean overlaps(Box other) {
            return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
        }

        boolean isInside() {
            return left >= LEFT && right <= WIDTH && top >= 0 && bottom <= HEIGHT - BOTTOM + 4;
        }
    }

    /** Labels beside their points, where there is room: to the right or to the left, or else further up or down. */
    public List<Label> labels() {
        List<Label> labels = new ArrayList<>();
        List<Box> taken = new ArrayList<>();
        List<Point> fromAbove = points.stream()
                .sorted(Comparator.comparingDouble(point -> -point.quality().value()))
                .toList();
        for (Point point : fromAbove) {
            Label label = label(point, taken);
            labels.add(label);
            taken.add(Box.of(label));
        }
        return labels;
    }

    private Label label(Point point, List<Box> taken) {
        double across = x().at(point.cost());
        double down = y().at(100 * point.quality().value()) + 4;
        for (int away = 0; away < HEIGHT; away++) {
            for (double at : new double[] {down + away, down - away}) {
                Label right = new Label(point.name(), across + GAP, at, "start");
                Label left = new Label(point.name(), across - GAP, at, "end");
                for (Label label : List.of(right, left)) {
                    Box box = Box.of(label);
                    if (box.isInside() && taken.stream().noneMatch(box::overlaps)) {
                        return label;
                    }
                }
            }
        }
        return new Label(point.name(), across, down, "middle");
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
