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
 */
public record LinePlot(String title, String unit, List<Curve> curves) {
    public static final int WIDTH = 720;
    public static final int HEIGHT = 240;
    private static final int LEFT = 56;
    private static final int RIGHT = 12;
    private static final int TOP = 12;
    private static final int BOTTOM = 32;

    /** Weight of what went before in the drawn mean of a noisy curve. */
    private static final double MEMORY = 0.9;

    /**
     * A curve.
     *
     * @param name for the legend
     * @param values one a step, the first of step 1
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
        Curve each = new Curve("each step", values);
        return new LinePlot(title, unit, List.of(each, each.smooth("running mean")));
    }

    /** A curve, smoothed where it has enough points to be noisy. */
    public static LinePlot of(String title, String unit, double[] values) {
        return values.length > 20
                ? noisy(title, unit, values)
                : new LinePlot(title, unit, List.of(new Curve("each step", values)));
    }

    public Scale x() {
        int steps =
                curves.stream().mapToInt(curve -> curve.values().length).max().orElse(1);
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
            points.add(String.format(Locale.ROOT, "%.1f %.1f", x.at(i + 1), y.at(curve.values()[i])));
        }
        return "M" + String.join("L", points);
    }
}
