package dev.hone.cli;

import java.util.ArrayList;
import java.util.List;

/** A figure's course as a few bars: means of equal parts of all values so far, between their least and their most. */
final class Sparkline {
    private static final String BARS = "▁▂▃▄▅▆▇█";

    private final int width;
    private final List<Double> values = new ArrayList<>();

    /** @param width most bars */
    Sparkline(int width) {
        this.width = width;
    }

    void add(double value) {
        if (Double.isFinite(value)) {
            values.add(value);
        }
    }

    /** The bars; empty before the second value. */
    String line() {
        if (values.size() < 2) {
            return "";
        }
        int bars = Math.min(width, values.size());
        double[] means = new double[bars];
        for (int bar = 0; bar < bars; bar++) {
            int from = (int) ((long) bar * values.size() / bars);
            int to = (int) ((bar + 1L) * values.size() / bars);
            means[bar] = values.subList(from, to).stream()
                    .mapToDouble(value -> value)
                    .average()
                    .orElseThrow();
        }
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (double mean : means) {
            low = Math.min(low, mean);
            high = Math.max(high, mean);
        }
        StringBuilder line = new StringBuilder();
        for (double mean : means) {
            double share = high > low ? (mean - low) / (high - low) : 0.5;
            line.append(BARS.charAt((int) Math.round(share * (BARS.length() - 1))));
        }
        return line.toString();
    }
}
