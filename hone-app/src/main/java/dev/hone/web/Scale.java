package dev.hone.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * An axis: values onto pixels.
 *
 * @param low value at {@code from}
 * @param high value at {@code to}, above {@code low}
 * @param from pixel
 * @param to pixel
 * @param logarithmic whether equal ratios are equally long; then {@code low} is above 0
 * @param leastStep between ticks, for what comes in whole numbers; else 0
 */
public record Scale(double low, double high, double from, double to, boolean logarithmic, double leastStep) {
    private static final int TICKS = 6;

    public Scale {
        if (!(high > low) || logarithmic && low <= 0 || Double.isInfinite(high - low)) {
            throw new IllegalArgumentException("No axis reaches from [%s] to [%s]".formatted(low, high));
        }
    }

    /** A linear axis whose ends are round, around some values. */
    static Scale around(double low, double high, double from, double to) {
        double room = high > low ? high - low : Math.max(1e-9, Math.abs(high));
        double step = step(room);
        return new Scale(Math.floor(low / step) * step, Math.ceil((low + room) / step) * step, from, to, false, 0);
    }

    /** A logarithmic axis with a little room around some values above 0. */
    static Scale ratios(double low, double high, double from, double to) {
        return new Scale(low / 1.6, high * 1.6, from, to, true, 0);
    }

    /** Pixel of a value. */
    public double at(double value) {
        double share = logarithmic ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
        return from + share * (to - from);
    }

    /** A value that is written at the axis. */
    public record Tick(double at, String label) {}

    /** Round values: 1, 2 or 5 times a power of ten. */
    public List<Tick> ticks() {
        List<Tick> ticks = new ArrayList<>();
        if (logarithmic) {
            for (int power = (int) Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
                for (int digit : high / low > 100 ? new int[] {1} : new int[] {1, 2, 5}) {
                    double value = digit * Math.pow(10, power);
                    if (value >= low && value <= high) {
                        ticks.add(new Tick(at(value), label(value, value)));
                    }
                }
            }
            return ticks;
        }
        double step = Math.max(leastStep, step(high - low));
        for (long i = (long) Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++) {
            ticks.add(new Tick(at(i * step), label(i * step, step)));
        }
        return ticks;
    }

    private static double step(double room) {
        double rough = room / TICKS;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double digit = rough / power;
        return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
    }

    private static String label(double value, double step) {
        int digits = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
        return String.format(Locale.ROOT, "%,." + digits + "f", value);
    }
}
