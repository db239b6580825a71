package dev.hone.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Curves over steps.
 *
 * @param title what is seen
 * @param unit of the values
 * @param curves at least one, drawn in this order
 * @param steps number of the last value's step; values are evenly apart
 */
public record LinePlot(String title, String unit, List<Curve> curves, int steps) {
    public static final int WIDTH = 720;
    public static final int HEIGHT = 240;
    private static final int LEFT = 56;
    private static final int RIGHT = 12;
    private static final int TOP = 12;
    private static final int BOTTOM = 32;

    /** How many values are written. */
    private static final int SAID = 12;

    /** Weight of what went before in the drawn mean of a noisy curve. */
    private static final double MEMORY = 0.9;

    /**
     * A curve.
     *
     * @param name for the legend
     * @param values the first of step 1, one a step unless there are fewer than steps
     */
    public record Curve(String name, double[] values) {
        public Curve {
            if (values.length == 0) {
                throw new IllegalArgumentException("The curve [" + name + "] has no points");
            }
        }

        /** The running mean, without the pull towards 0 of its beginning (as Adam's; Kingma and Ba 2015). */
        Curve smooth(String as) {
            double[] smooth = new double[values.length];
            double mean = 0;
            for (int i = 0; i < values.length; i++) {
                mean = MEMORY * mean + (1 - MEMORY) * values[i];
                smooth[i] = mean / (1 - Math.pow(MEMORY, i + 1));
            }
            return new Curve(as, smooth);
        }
    }

    public LinePlot {
        curves = List.copyOf(curves);
    }

    /** A noisy curve, faint, with its running mean. */
    static LinePlot noisy(String title, String unit, double[] values) {
        return noisy(title, unit, values, values.length);
    }

    private static LinePlot noisy(String title, String unit, double[] values, int steps) {
        Curve each = new Curve(values.length == steps ? "each step" : "some steps", values);
        return new LinePlot(title, unit, List.of(each, each.smooth("running mean")), steps);
    }

    /** A curve, smoothed where it has enough points to be noisy. */
    public static LinePlot of(String title, String unit, double[] values, int steps) {
        return values.length > 20
                ? noisy(title, unit, values, steps)
                : new LinePlot(title, unit, List.of(new Curve("each step", values)), steps);
    }

    /** The step of a value. */
    private double step(Curve curve, int value) {
        int last = curve.values().length - 1;
        return last == 0 ? steps : 1 + (double) value * (steps - 1) / last;
    }

    /** Some of the last curve's values, for who does not see it: step and value. */
    public List<List<String>> values() {
        Curve curve = curves.getLast();
        int last = curve.values().length - 1;
        List<List<String>> values = new ArrayList<>();
        for (int i = 0; i < Math.min(SAID, last + 1); i++) {
            int at = (int) Math.round(last * (double) i / Math.max(1, Math.min(SAID, last + 1) - 1));
            values.add(List.of(
                    String.format(Locale.ROOT, "%,.0f", step(curve, at)),
                    String.format(Locale.ROOT, "%.4g", curve.values()[at])));
        }
        return values;
    }

    public Scale x() {
        return new Scale(1, Math.max(2, steps), LEFT, WIDTH - RIGHT, false, 1);
    }

    public Scale y() {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (Curve curve : curves) {
            for (double value : curve.values()) {
                low = Math.min(low, value);
                high = Math.max(high, value);
            }
        }
        return Scale.around(Math.min(0, low), high, HEIGHT - BOTTOM, TOP);
    }

    /** An SVG path. */
    public String path(Curve curve) {
        Scale x = x();
        Scale y = y();
        List<String> points = new ArrayList<>();
        for (int i = 0; i < curve.values().length; i++) {
            points.add(String.format(Locale.ROOT, "%.1f %.1f", x.at(step(curve, i)), y.at(curve.values()[i])));
        }
        return "M" + String.join("L", points);
    }
}
