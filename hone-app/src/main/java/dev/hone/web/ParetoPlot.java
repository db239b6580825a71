package dev.hone.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What most of a sum comes from: parts from the largest on, and how much of it they are together.
 *
 * @param title what is seen
 * @param parts the largest first
 */
public record ParetoPlot(String title, List<Part> parts) {
    public static final int WIDTH = 1000;
    public static final int HEIGHT = 260;
    private static final int LEFT = 72;
    private static final int RIGHT = 44;
    private static final int TOP = 12;
    private static final int BOTTOM = 40;
    private static final double LETTER = 6.6;

    /**
     * A part.
     *
     * @param label below it
     * @param shown its value, as it is written
     */
    public record Part(String label, double value, String shown) {}

    public ParetoPlot {
        parts = List.copyOf(parts);
    }

    public Scale y() {
        double high = parts.stream().mapToDouble(Part::value).max().orElse(0);
        return Scale.around(0, high > 0 ? high : 1, HEIGHT - BOTTOM, TOP);
    }

    /** Of the shares. */
    public Scale shares() {
        return new Scale(0, 100, HEIGHT - BOTTOM, TOP, false, 0);
    }

    public double left() {
        return LEFT;
    }

    public double right() {
        return WIDTH - RIGHT;
    }

    /** The left of a bar. */
    public double x(int part) {
        return LEFT + step() * (part + 0.12);
    }

    public double width() {
        return step() * 0.76;
    }

    private double step() {
        return (double) (WIDTH - LEFT - RIGHT) / Math.max(1, parts.size());
    }

    /** A label, cut to its room. */
    public String label(Part part) {
        int room = (int) Math.max(3, step() / LETTER);
        return part.label().length() <= room ? part.label() : part.label().substring(0, room - 1) + "…";
    }

    /** How much the parts up to one are together, in percent. */
    public double together(int part) {
        double sum = parts.stream().mapToDouble(Part::value).sum();
        double until =
                parts.subList(0, part + 1).stream().mapToDouble(Part::value).sum();
        return sum > 0 ? 100 * until / sum : 0;
    }

    /** What the bars stand for, for who does not see them: label, value, and share together. */
    public List<List<String>> values() {
        List<List<String>> values = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            values.add(List.of(
                    parts.get(i).label(), parts.get(i).shown(), String.format(Locale.ROOT, "%.0f %%", together(i))));
        }
        return values;
    }

    /** An SVG path through the shares. */
    public String path() {
        List<String> points = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            points.add(String.format(Locale.ROOT, "%.1f %.1f", x(i) + width() / 2, shares().at(together(i))));
        }
        return points.isEmpty() ? "" : "M" + String.join("L", points);
    }
}
