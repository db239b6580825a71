package dev.hone.advise;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** At which values of an input a scenario pays within {@link BreakEven#HORIZON} months, the others being as they are. */
final class Thresholds {
    private static final BigDecimal MONTHS = BigDecimal.valueOf(BreakEven.HORIZON);
    private static final int DOUBLINGS = 40;
    private static final int HALVINGS = 60;

    private Thresholds() {}

    static boolean pays(Scenario scenario) {
        Costs costs = Costs.of(scenario);
        return costs.saving().signum() > 0 && costs.saving().multiply(MONTHS).compareTo(costs.once()) >= 0;
    }

    /** Calls of a month; null where no number of them does. */
    static @Nullable BigDecimal calls(Scenario scenario) {
        double high = 1;
        int doublings = 0;
        while (!pays(scenario.with(Input.CALLS, BigDecimal.valueOf(high)))) {
            high *= 2;
            if (++doublings > DOUBLINGS) {
                return null;
            }
        }
        double low = doublings == 0 ? 0 : high / 2;
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (low + high) / 2;
            if (pays(scenario.with(Input.CALLS, BigDecimal.valueOf(middle)))) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return BigDecimal.valueOf(Math.ceil(high));
    }

    /** The price of a call now, with four digits that count; null where there are no calls. */
    static @Nullable BigDecimal price(Scenario scenario) {
        BigDecimal calls = scenario.get(Input.CALLS);
        if (calls.signum() == 0) {
            return null;
        }
        Costs costs = Costs.of(scenario);
        BigDecimal spend = costs.once()
                .divide(MONTHS, MathContext.DECIMAL64)
                .add(costs.tuned())
                .subtract(costs.quality())
                .max(BigDecimal.ZERO);
        return spend.divide(calls, new MathContext(4, RoundingMode.CEILING));
    }
}
