package dev.hone.evaluate;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the cost of a request was worked out from, each figure with its day and where it is from: a part of a {@link Report}.
 *
 * @param currency of all amounts; null where nobody said it
 * @param coreHour of the machine that answered
 * @param incumbent of today's model behind its endpoint; null where none was asked, or nobody knows
 */
public record PriceList(
        @Nullable String currency,
        Amount coreHour,
        @Nullable Tokens incumbent) {
    /**
     * Where a figure is from.
     *
     * @param date when it was so
     * @param source a page, a file, an option
     * @param assumed whether nobody measured or read it
     */
    public record Origin(String date, String source, boolean assumed) {
        /** In words. */
        public String said() {
            return "%s, %s%s".formatted(date, assumed ? "assumed: " : "", source);
        }
    }

    /** What one of something costs. */
    public record Amount(double price, Origin origin) {}

    /** What a million tokens cost, read and written. */
    public record Tokens(double prompt, double completion, Origin origin) {
        public Pricing pricing() {
            return new Pricing.Tokens(prompt, completion);
        }
    }

    /** A line for each figure. */
    public List<String> said() {
        String unit = currency == null ? "" : " " + currency;
        List<String> said = new ArrayList<>();
        said.add("%s%s a core-hour (%s)"
                .formatted(coreHour.price(), unit, coreHour.origin().said()));
        if (incumbent != null) {
            said.add("%s and %s%s a million tokens that the incumbent reads and writes (%s)"
                    .formatted(
                            incumbent.prompt(),
                            incumbent.completion(),
                            unit,
                            incumbent.origin().said()));
        }
        return said;
    }

    /** Of a machine with so many cores. */
    public Pricing machine(int cores) {
        return new Pricing.CoreHours(coreHour.price(), cores);
    }
}
