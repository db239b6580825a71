package dev.hone.web;

import dev.hone.evaluate.Interval;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A difference over time with the interval that holds at all times.
 *
 * @param title what is seen
 * @param points at least one, in their order
 * @param marks what happened, in its order
 */
public record SequencePlot(String title, List<Point> points, List<Mark> marks) {
    public static final int WIDTH = 720;
    public static final int HEIGHT = 220;
    private static final int LEFT = 56;
    private static final int RIGHT = 12;
    private static final int TOP = 22;
    private static final int BOTTOM = 32;

    /** The least that is seen above and below 0. */
    private static final double LEAST = 0.1;

    private static final int SAID = 12;

    /** One part of so many, at the beginning, is seen as far as the rest leaves room. */
    private static final int WIDE = 5;

    /** What was known at a moment. */
    public record Point(Instant at, Interval difference) {}

    /** Something that happened. @param label in a word */
    public record Mark(Instant at, String label) {}

    public SequencePlot {
        points = List.copyOf(points);
        marks = List.copyOf(marks);
        if (points.isEmpty()) {
            throw new IllegalArgumentException("[" + title + "] has no points");
        }
    }

    /** What the time is counted in. */
    public String unit() {
        Duration whole = whole();
        return whole.compareTo(Duration.ofHours(48)) > 0
                ? "days"
                : whole.compareTo(Duration.ofMinutes(120)) > 0
                        ? "hours"
                        : whole.compareTo(Duration.ofSeconds(120)) > 0 ? "minutes" : "seconds";
    }

    private Instant begun() {
        return points.getFirst().at();
    }

    private Duration whole() {
        return Duration.between(begun(), points.getLast().at());
    }

    private double time(Instant at) {
        double seconds = Duration.between(begun(), at).toMillis() / 1e3;
        return switch (unit()) {
            case "days" -> seconds / 86_400;
            case "hours" -> seconds / 3_600;
            case "minutes" -> seconds / 60;
            default -> seconds;
        };
    }

    public Scale x() {
        return new Scale(0, Math.max(1e-3, time(points.getLast().at())), LEFT, WIDTH - RIGHT, false, 0);
    }

    public Scale y() {
        double low = -LEAST;
        double high = LEAST;
        // The first intervals are as wide as can be: what comes after them is what there is to see.
        for (Point point : points.subList(points.size() / WIDE, points.size())) {
            low = Math.min(low, point.difference().low());
            high = Math.max(high, point.difference().high());
        }
        return Scale.around(low, high, HEIGHT - BOTTOM, TOP);
    }

    /** Where 0 is. */
    public double zero() {
        return y().at(0);
    }

    /** The estimates as an SVG path. */
    public String line() {
        List<String> line = new ArrayList<>();
        points.forEach(point -> line.add(place(point.at(), point.difference().value())));
        return "M" + String.join("L", line);
    }

    /** The intervals as an SVG path around all of them. */
    public String band() {
        List<String> band = new ArrayList<>();
        points.forEach(point -> band.add(place(point.at(), point.difference().high())));
        points.reversed()
                .forEach(point -> band.add(place(point.at(), point.difference().low())));
        return "M" + String.join("L", band) + "Z";
    }

    private String place(Instant at, double value) {
        return String.format(
                Locale.ROOT, "%.1f %.1f", x().at(time(at)), Math.clamp(y().at(value), TOP, HEIGHT - BOTTOM));
    }

    /** Where something that happened is; within the plot, also where it was before the first point. */
    public double at(Mark mark) {
        Scale x = x();
        return Math.clamp(x.at(time(mark.at())), x.from(), x.to());
    }

    /** On which side of it its label has room. */
    public boolean isLate(Mark mark) {
        return at(mark) > WIDTH * 3 / 4.0;
    }

    /** Some of the points, for who does not see them: the time, the estimate and the ends. */
    public List<List<String>> values() {
        int last = points.size() - 1;
        List<List<String>> values = new ArrayList<>();
        int said = Math.min(SAID, last + 1);
        for (int i = 0; i < said; i++) {
            Point point = points.get((int) Math.round(last * (double) i / Math.max(1, said - 1)));
            values.add(List.of(
                    String.format(Locale.ROOT, "%.1f", time(point.at())),
                    String.format(Locale.ROOT, "%+.3f", point.difference().value()),
                    String.format(Locale.ROOT, "%+.3f", point.difference().low()),
                    String.format(Locale.ROOT, "%+.3f", point.difference().high())));
        }
        return values;
    }
}
