package dev.hone.web;

import dev.hone.evaluate.Interval;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * A difference over time with the interval that holds at all times. What was known while calls were divided in one proportion is drawn as one band, and never joined with that of
 * another; what was looked at once is a point with whiskers.
 *
 * @param title what is seen
 * @param from where the axis of time begins
 * @param to where it ends; after {@code from}
 * @param strata at least one, in their order
 * @param marks what happened, in its order
 */
public record SequencePlot(String title, Instant from, Instant to, List<Stratum> strata, List<Mark> marks) {
    public static final int WIDTH = 720;
    private static final int HEIGHT = 220;
    private static final int LEFT = 56;
    private static final int RIGHT = 20;
    private static final int TOP = 22;
    private static final int BOTTOM = 32;

    /** Of a line of labels above the plot. */
    private static final int ROW = 15;

    /** About as wide as a letter of a label is, and as far as a label is from its mark. */
    private static final double LETTER = 6.8;

    private static final int APART = 3;

    /** The least that is seen above and below 0. */
    private static final double LEAST = 0.1;

    private static final int SAID = 12;

    /** One look of so many of a stratum, at its beginning, is seen as far as the rest leaves room. */
    private static final int WIDE = 5;

    /** Half of a whisker's end. */
    private static final double END = 5;

    /** What was known at a moment. */
    public record Point(Instant at, Interval difference) {}

    /** Looks while calls were divided in one proportion. @param points at least one, in their order */
    public record Stratum(String name, List<Point> points) {
        public Stratum {
            points = List.copyOf(points);
            if (points.isEmpty()) {
                throw new IllegalArgumentException("[" + name + "] has no points");
            }
        }

        public boolean isOne() {
            return points.size() == 1;
        }
    }

    /** Something that happened. @param label in a word */
    public record Mark(Instant at, String label) {}

    /**
     * A mark in its place.
     *
     * @param row of its label, from the plot upward
     * @param late whether its label stands before it
     */
    public record Placed(String label, double x, int row, boolean late) {
        private double begin() {
            return late ? x - APART - LETTER * label.length() : x;
        }

        private double end() {
            return late ? x : x + APART + LETTER * label.length();
        }

        private boolean meets(Placed other) {
            return begin() < other.end() && other.begin() < end();
        }

        /** Where the label is anchored. */
        public double text() {
            return late ? x - APART : x + APART;
        }
    }

    public SequencePlot {
        strata = List.copyOf(strata);
        marks = List.copyOf(marks);
        if (strata.isEmpty()) {
            throw new IllegalArgumentException("[" + title + "] has no points");
        }
        if (!to.isAfter(from)) {
            throw new IllegalArgumentException("[%s] reaches from [%s] to [%s]".formatted(title, from, to));
        }
    }

    /** What the time is counted in. */
    public String unit() {
        Duration whole = Duration.between(from, to);
        return whole.compareTo(Duration.ofHours(48)) > 0
                ? "days"
                : whole.compareTo(Duration.ofMinutes(120)) > 0
                        ? "hours"
                        : whole.compareTo(Duration.ofSeconds(120)) > 0
                                ? "minutes"
                                : whole.compareTo(Duration.ofSeconds(2)) > 0 ? "seconds" : "milliseconds";
    }

    private double time(Instant at) {
        double millis = Duration.between(from, at).toNanos() / 1e6;
        return switch (unit()) {
            case "days" -> millis / 86_400_000;
            case "hours" -> millis / 3_600_000;
            case "minutes" -> millis / 60_000;
            case "seconds" -> millis / 1_000;
            default -> millis;
        };
    }

    private int above() {
        return ROW * placed().stream().mapToInt(Placed::row).max().orElse(0);
    }

    /** In pixels: labels that would stand on each other take lines of their own. */
    public int height() {
        return HEIGHT + above();
    }

    public Scale x() {
        return new Scale(0, time(to), LEFT, WIDTH - RIGHT, false, 0);
    }

    public Scale y() {
        double low = -LEAST;
        double high = LEAST;
        for (Stratum stratum : strata) {
            List<Point> points = stratum.points();
            // The first intervals are as wide as can be: what comes after them is what there is to see.
            for (Point point : points.subList(points.size() / WIDE, points.size())) {
                low = Math.min(low, point.difference().low());
                high = Math.max(high, point.difference().high());
            }
        }
        return Scale.around(low, high, height() - BOTTOM, TOP + above());
    }

    /** Where 0 is. */
    public double zero() {
        return y().at(0);
    }

    /** Where a moment is; within the plot, also of one that is not. */
    public double x(Instant at) {
        Scale x = x();
        return Math.clamp(x.at(time(at)), x.from(), x.to());
    }

    /** Where a value is; within the plot, also of one that is not. */
    public double y(double value) {
        Scale y = y();
        return Math.clamp(y.at(value), y.to(), y.from());
    }

    /** The estimates of a stratum as an SVG path. */
    public String line(Stratum stratum) {
        List<String> line = new ArrayList<>();
        stratum.points()
                .forEach(point ->
                        line.add(place(x(point.at()), point.difference().value())));
        return "M" + String.join("L", line);
    }

    /** The intervals of a stratum as an SVG path around all of them. */
    public String band(Stratum stratum) {
        List<String> band = new ArrayList<>();
        List<Point> points = stratum.points();
        points.forEach(point -> band.add(place(x(point.at()), point.difference().high())));
        points.reversed()
                .forEach(point ->
                        band.add(place(x(point.at()), point.difference().low())));
        return "M" + String.join("L", band) + "Z";
    }

    /** The interval of the only point of a stratum as an SVG path. */
    public String whiskers(Stratum stratum) {
        Point point = stratum.points().getFirst();
        double x = x(point.at());
        double low = point.difference().low();
        double high = point.difference().high();
        return "M%sL%sM%sL%sM%sL%s"
                .formatted(
                        place(x, low),
                        place(x, high),
                        place(x - END, low),
                        place(x + END, low),
                        place(x - END, high),
                        place(x + END, high));
    }

    private String place(double x, double value) {
        return String.format(Locale.ROOT, "%.1f %.1f", x, y(value));
    }

    /**
     * The marks in their places: no label stands on another. Labels stand after their marks, the last ones highest, or before them where there is no room,
     * so that the line of a mark goes up beside the labels below its own.
     */
    public List<Placed> placed() {
        List<Placed> before = new ArrayList<>();
        List<Placed> after = new ArrayList<>();
        for (Mark mark : marks.reversed()) {
            double x = x(mark.at());
            Placed placed = new Placed(mark.label(), x, 0, false);
            boolean late =
                    x > WIDTH * 3 / 4.0 || x > WIDTH / 4.0 && before.stream().anyMatch(placed::meets);
            (late ? before : after).add(new Placed(mark.label(), x, 0, late));
        }
        List<Placed> placed = new ArrayList<>();
        after.forEach(mark -> placed.add(above(mark, placed)));
        before.reversed().forEach(mark -> placed.add(above(mark, placed)));
        return placed;
    }

    /** A mark whose label stands above all that it would stand on. */
    private static Placed above(Placed mark, List<Placed> others) {
        int row = others.stream()
                .filter(mark::meets)
                .mapToInt(other -> other.row() + 1)
                .max()
                .orElse(0);
        return new Placed(mark.label(), mark.x(), row, mark.late());
    }

    /** Where the line of a mark begins: beside its label. */
    public double top(Placed mark) {
        return y().to() - ROW * mark.row();
    }

    /** Some of the points, for who does not see them: in which stratum, the time, the estimate and the ends. */
    public List<List<String>> values() {
        List<List<String>> all = new ArrayList<>();
        TreeSet<Integer> said = new TreeSet<>();
        for (Stratum stratum : strata) {
            for (Point point : stratum.points()) {
                all.add(List.of(
                        stratum.name(),
                        String.format(Locale.ROOT, "%.1f", time(point.at())),
                        String.format(Locale.ROOT, "%+.3f", point.difference().value()),
                        String.format(Locale.ROOT, "%+.3f", point.difference().low()),
                        String.format(Locale.ROOT, "%+.3f", point.difference().high())));
            }
            said.add(all.size() - 1);
        }
        int last = all.size() - 1;
        for (int i = 0; i < SAID; i++) {
            said.add((int) Math.round(last * (double) i / (SAID - 1)));
        }
        return said.stream().map(all::get).toList();
    }
}
