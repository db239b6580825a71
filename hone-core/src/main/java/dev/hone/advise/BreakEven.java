package dev.hone.advise;

import dev.hone.record.Seeds;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * After how many months a model of one's own has paid for itself, as far as anybody can know. Each input is drawn by itself: a value times
 * e<sup>σz</sup>, z normal, so that nine of ten are within the value divided and multiplied by its spread; of a difference value + spread ·
 * z / 1.645. Each input has a stream of its own, so that with the same seed a slider moves nothing but what it stands for.
 *
 * @param months as the values say; null for never
 * @param half what half of the draws are within
 * @param ninety what nine of ten are within
 * @param never share of the draws in which nothing is saved
 * @param within share of the draws that pay within {@value #HORIZON} months
 * @param levers inputs that are not certain and move the months by a tenth or more, what matters most first
 */
public record BreakEven(
        @Nullable Double months,
        Band half,
        Band ninety,
        double never,
        double within,
        int draws,
        long seed,
        List<Lever> levers) {
    /** What does not pay within so many months is not begun. */
    public static final int HORIZON = 12;

    public static final int DRAWS = 2_000;

    /** The standard normal distribution has nine of ten within that. */
    private static final double NINETY = 1.6448536269514722;

    /** Ends of an interval of months; null for never. */
    public record Band(@Nullable Double low, @Nullable Double high) {
        /** Whether anything within it ever pays. */
        public boolean pays() {
            return low != null;
        }
    }

    /**
     * An input.
     *
     * @param elasticity by how many percent the months change where the input alone grows by one; null where they are not finite
     * @param low months with its value at the low end of nine of ten; null for never
     * @param high months at the high end; null for never
     * @param swing how far apart both are, in shares of what is paid once that a month pays back
     */
    public record Lever(
            Input input,
            @Nullable Double elasticity,
            @Nullable Double low,
            @Nullable Double high,
            double swing) {
        /** Whether both ends differ where they are told to a tenth of a month. */
        boolean moves() {
            return !shown(low).equals(shown(high));
        }
    }

    /** Months as they are told. */
    public static String shown(@Nullable Double months) {
        return months == null ? "never" : String.format(Locale.ROOT, "%.1f", months);
    }

    /** When it pays for itself, with what nine of ten draws are within where any of these ever does. */
    public String words() {
        String value = months == null ? "never" : shown(months) + " months";
        return ninety.pays()
                ? "%s (nine of ten: %s to %s)".formatted(value, shown(ninety.low()), shown(ninety.high()))
                : value;
    }

    /** An input that is not certain, with what it is drawn by. */
    private record Drawn(Input input, double spread, SplittableRandom stream) {}

    /** @param spreads of the inputs that are not certain */
    public static BreakEven of(Scenario scenario, Map<Input, Double> spreads, int draws, long seed) {
        List<Drawn> uncertain = new ArrayList<>();
        new TreeMap<>(spreads)
                .forEach((input, spread) -> uncertain.add(
                        new Drawn(input, spread, new SplittableRandom(Seeds.mix(seed, input.ordinal())))));
        double[] months = new double[draws];
        for (int i = 0; i < draws; i++) {
            EnumMap<Input, BigDecimal> drawn = new EnumMap<>(scenario.values());
            for (Drawn one : uncertain) {
                drawn.put(
                        one.input(),
                        moved(scenario, one.input(), one.spread(), one.stream().nextGaussian() / NINETY));
            }
            months[i] = months(Costs.of(new Scenario(scenario.alwaysOn(), drawn)));
        }
        Arrays.sort(months);
        double never = 0;
        double within = 0;
        for (double one : months) {
            never += Double.isInfinite(one) ? 1 : 0;
            within += one <= HORIZON ? 1 : 0;
        }
        return new BreakEven(
                known(months(Costs.of(scenario))),
                new Band(quantile(months, 0.25), quantile(months, 0.75)),
                new Band(quantile(months, 0.05), quantile(months, 0.95)),
                never / draws,
                within / draws,
                draws,
                seed,
                levers(scenario, spreads));
    }

    private static List<Lever> levers(Scenario scenario, Map<Input, Double> spreads) {
        List<Lever> levers = new ArrayList<>();
        new TreeMap<>(spreads).forEach((input, spread) -> {
            Costs low = Costs.of(scenario.with(input, moved(scenario, input, spread, -1)));
            Costs high = Costs.of(scenario.with(input, moved(scenario, input, spread, 1)));
            levers.add(new Lever(
                    input, elasticity(scenario, input), known(months(low)), known(months(high)), swing(low, high)));
        });
        levers.removeIf(lever -> !lever.moves());
        levers.sort(Comparator.comparingDouble((Lever lever) -> -lever.swing()).thenComparing(Lever::input));
        return levers;
    }

    private static double swing(Costs low, Costs high) {
        double swing = Math.abs(low.rate() - high.rate());
        return Double.isFinite(swing) ? swing : low.rate() == high.rate() ? 0 : Double.MAX_VALUE;
    }

    /** By the values five percent to both sides. */
    private static @Nullable Double elasticity(Scenario scenario, Input input) {
        BigDecimal value = scenario.get(input);
        if (value.signum() == 0 || input == Input.BUSY && value.doubleValue() > 1 / 1.05) {
            return null;
        }
        double low = Costs.of(scenario.with(input, value.multiply(new BigDecimal("0.95"))))
                .rate();
        double high = Costs.of(scenario.with(input, value.multiply(new BigDecimal("1.05"))))
                .rate();
        if (!(low > 0 && high > 0) || Double.isInfinite(low) || Double.isInfinite(high)) {
            return null;
        }
        return (Math.log(low) - Math.log(high)) / (Math.log(1.05) - Math.log(0.95));
    }

    /** @param by how far, −1 and 1 being the ends of nine of ten */
    private static BigDecimal moved(Scenario scenario, Input input, double spread, double by) {
        double value = scenario.get(input).doubleValue();
        double moved =
                input.isDifference() ? Math.clamp(value + spread * by, -1, 1) : value * Math.exp(Math.log(spread) * by);
        return BigDecimal.valueOf(input == Input.BUSY ? Math.min(1, moved) : moved);
    }

    private static double months(Costs costs) {
        double rate = costs.rate();
        return rate == 0 ? Double.POSITIVE_INFINITY : 1 / rate;
    }

    private static @Nullable Double known(double months) {
        return Double.isFinite(months) ? Double.valueOf(months) : null;
    }

    private static @Nullable Double quantile(double[] sorted, double share) {
        return known(sorted[(int) Math.round(share * (sorted.length - 1))]);
    }
}
