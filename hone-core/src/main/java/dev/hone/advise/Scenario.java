package dev.hone.advise;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * What would be, in figures: a value for each input. Made from traces and {@link Prices}; changed by the sliders of the page.
 *
 * @param alwaysOn whether a machine is paid for day and night, or only as long as it works
 * @param values of all inputs
 */
public record Scenario(boolean alwaysOn, Map<Input, BigDecimal> values) {
    private static final BigDecimal MOST = new BigDecimal("1e15");

    public Scenario {
        EnumMap<Input, BigDecimal> copy = new EnumMap<>(Input.class);
        copy.putAll(values);
        for (Input input : Input.values()) {
            BigDecimal value = copy.get(input);
            if (value == null) {
                throw new IllegalArgumentException("[%s] is missing: %s".formatted(input.key(), input.said()));
            }
            if (value.signum() < 0 && !input.isDifference() || value.abs().compareTo(MOST) > 0) {
                throw new IllegalArgumentException(
                        "[%s] is [%s]: give a number from 0 to %s".formatted(input.key(), value, MOST.toPlainString()));
            }
            if (value.signum() == 0 && input.isRate()) {
                throw new IllegalArgumentException("[%s] is [0]: give a number above 0".formatted(input.key()));
            }
            if (input.isShare() && value.abs().compareTo(BigDecimal.ONE) > 0) {
                throw new IllegalArgumentException("[%s] is [%s]: give a share of 1".formatted(input.key(), value));
            }
        }
        values = Collections.unmodifiableMap(copy);
    }

    public BigDecimal get(Input input) {
        return Objects.requireNonNull(values.get(input), input.key());
    }

    /** The same with another value. */
    public Scenario with(Input input, BigDecimal value) {
        EnumMap<Input, BigDecimal> changed = new EnumMap<>(values);
        changed.put(input, value);
        return new Scenario(alwaysOn, changed);
    }

    /** The same with all that is paid once paid already. */
    public Scenario running() {
        return with(Input.SETUP_HOURS, BigDecimal.ZERO)
                .with(Input.FIRST_RUNS, BigDecimal.ZERO)
                .with(Input.ROWS_THERE, get(Input.ROWS).max(get(Input.ROWS_THERE)));
    }

    /** The same with a classic model, which takes no machine of its own, and whose training takes seconds. */
    Scenario classic() {
        return new Scenario(false, values)
                .with(Input.PROMPT_TOKENS, BigDecimal.ZERO)
                .with(Input.ANSWER_TOKENS, BigDecimal.ZERO);
    }
}
