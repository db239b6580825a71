package dev.hone.advise;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What things cost and how fast they are, each with its date and where it is from. Made by {@link PriceReader}.
 *
 * @param currency of all amounts
 * @param alwaysOn whether a machine is paid for day and night
 * @param models by name, without their server
 * @param inputs those that a file says, or of which it says how certain they are
 */
public record Prices(String currency, boolean alwaysOn, Map<String, Model> models, Map<Input, Stated> inputs) {
    private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);

    public Prices {
        models = Map.copyOf(models);
        EnumMap<Input, Stated> ordered = new EnumMap<>(Input.class);
        ordered.putAll(inputs);
        inputs = Collections.unmodifiableMap(ordered);
    }

    /**
     * Where a figure is from.
     *
     * @param date when it was so
     * @param assumed whether nobody measured or read it
     */
    public record Origin(String date, String source, boolean assumed) {}

    /** What a million tokens cost. */
    public record Model(BigDecimal input, BigDecimal cached, BigDecimal output, Origin origin) {}

    /**
     * An input.
     *
     * @param value null where traces say it
     * @param spread the factor within which nine of ten values are, or of a difference what is added and taken away; null where it is certain
     */
    public record Stated(
            @Nullable BigDecimal value, @Nullable Double spread, Origin origin) {}

    /** The price of a model, whatever server's, and of whatever date it is. */
    public Optional<Model> model(String name) {
        String own = name.substring(name.lastIndexOf('/') + 1);
        Model exact = models.get(own);
        return exact != null
                ? Optional.of(exact)
                : Optional.ofNullable(models.get(own.replaceFirst("-20\\d\\d-?\\d\\d-?\\d\\d$", "")));
    }

    /** What a call of so many tokens costs, exactly. */
    static BigDecimal call(Model model, BigDecimal promptTokens, BigDecimal answerTokens) {
        return model.input()
                .multiply(promptTokens)
                .add(model.output().multiply(answerTokens))
                .divide(MILLION);
    }

    /** With what was measured in place of what stands in the file. */
    public Prices measured(Input input, BigDecimal value, Origin origin) {
        EnumMap<Input, Stated> changed = new EnumMap<>(Input.class);
        changed.putAll(inputs);
        Stated before = inputs.get(input);
        changed.put(input, new Stated(value, before == null ? null : before.spread(), origin));
        return new Prices(currency, alwaysOn, models, changed);
    }

    /** Of the inputs that are not certain. */
    public Map<Input, Double> spreads() {
        EnumMap<Input, Double> spreads = new EnumMap<>(Input.class);
        inputs.forEach((input, stated) -> {
            if (stated.spread() != null) {
                spreads.put(input, stated.spread());
            }
        });
        return spreads;
    }

    /** @param traced values of the inputs that traces say */
    public Scenario scenario(Map<Input, BigDecimal> traced) {
        EnumMap<Input, BigDecimal> values = new EnumMap<>(Input.class);
        inputs.forEach((input, stated) -> {
            if (stated.value() != null) {
                values.put(input, stated.value());
            }
        });
        values.putAll(traced);
        return new Scenario(alwaysOn, values);
    }
}
