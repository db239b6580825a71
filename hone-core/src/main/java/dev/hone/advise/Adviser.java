package dev.hone.advise;

import dev.hone.advise.Advice.Change;
import dev.hone.advise.Advice.Choice;
import dev.hone.evaluate.Interval;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The verdict, by rules in this order: what an evaluation showed; labels are for a classic model; what is poor and does not pay wants a better
 * prompt first; what pays within {@link BreakEven#HORIZON} months in half of the draws is worth a model; all else stays. docs/advise.md has them.
 */
final class Adviser {
    private static final double GOOD_ENOUGH = 0.8;
    private static final double LIKELY = 0.5;

    /** Of each label, that a classic model learns from. */
    private static final int ROWS_OF_LABEL = 20;

    private final Known known;
    private final List<String> reasons = new ArrayList<>();
    private final List<Change> changes = new ArrayList<>();
    private final List<String> unknown = new ArrayList<>();

    private Adviser(Known known) {
        this.known = known;
    }

    static Advice of(Known known) {
        return new Adviser(known).advice();
    }

    private Advice advice() {
        say();
        Choice choice = choice();
        changes(choice);
        return new Advice(choice, sentence(choice), reasons, changes, unknown);
    }

    private boolean hasVolume() {
        return known.measures().perMonth() > 0;
    }

    private boolean pays() {
        return known.priced() && hasVolume() && known.breakEven().within() >= LIKELY;
    }

    /** Whether enough people say so that it is surely not good enough. */
    private boolean isPoor() {
        Interval good = good();
        return good != null && good.high() < GOOD_ENOUGH;
    }

    private @Nullable Interval good() {
        Measures measures = known.measures();
        return measures.goodShare() == null ? null : Interval.wilson((int) measures.good(), (int) measures.judged());
    }

    private Choice choice() {
        String shown = known.evaluated() == null ? null : known.evaluated().choice();
        if ("classic".equals(shown)) {
            return Choice.CLASSIC;
        }
        if ("post-train".equals(shown)) {
            return pays() || !known.priced() || !hasVolume() ? Choice.POST_TRAIN : Choice.STAY;
        }
        if ("stay".equals(shown)) {
            return isPoor() ? Choice.PROMPT : Choice.STAY;
        }
        if (known.closed().isClosed()) {
            boolean pays = !known.priced()
                    || !hasVolume()
                    || Thresholds.pays(known.scenario().classic());
            return pays ? Choice.CLASSIC : isPoor() ? Choice.PROMPT : Choice.STAY;
        }
        boolean rows =
                2 * known.demonstrations() >= known.scenario().get(Input.ROWS).doubleValue();
        if (isPoor() && !(pays() && rows)) {
            return Choice.PROMPT;
        }
        return pays() ? Choice.POST_TRAIN : Choice.STAY;
    }

    /** What is known, whatever it decides, and what is not. */
    private void say() {
        Measures measures = known.measures();
        Evaluated evaluated = known.evaluated();
        if (evaluated == null) {
            unknown.add(
                    "how well a tuned and a classic model do it: no evaluation of it is in the store (hone demo --data)");
        } else {
            reasons.add("The evaluation of %s says: %s"
                    .formatted(evaluated.day(), evaluated.sentence().isEmpty() ? "nothing" : evaluated.sentence()));
        }
        Closed closed = known.closed();
        if (closed.answers() < Closed.LEAST_ANSWERS) {
            unknown.add("whether answers are of a closed set: only %d were seen".formatted(closed.answers()));
        } else {
            reasons.add(
                    closed.isClosed()
                            ? "Answers are of a closed set: %d different ones in %d"
                                    .formatted(closed.distinct(), closed.answers())
                            : "Answers are open: %s of %d are short, and %s of these were said more than once"
                                    .formatted(
                                            percent(closed.shortShare()),
                                            closed.answers(),
                                            percent(closed.repeated())));
        }
        reasons.add("%s of what is sent is the same in all calls: a tuned model does not need it"
                .formatted(percent(known.fixed())));
        if (known.estimated()) {
            unknown.add("tokens of a call: nobody counted them, so a token is taken for four characters");
        }
        if (!hasVolume()) {
            unknown.add("calls a month: all that was seen are imported rows");
        }
        if (!known.priced()) {
            unknown.add("what a call costs: write [prices] of its model in hone.yaml, or give --prices or --price");
        } else if (hasVolume()) {
            Costs costs = Costs.of(known.scenario());
            reasons.add("A month costs %s now, and would cost %s with a model of its own, after %s once"
                    .formatted(money(costs.now()), money(costs.tuned()), money(costs.once())));
            reasons.add("%s of %,d draws pay within %d months"
                    .formatted(
                            percent(known.breakEven().within()),
                            known.breakEven().draws(),
                            BreakEven.HORIZON));
        }
        Interval good = good();
        if (good == null) {
            unknown.add("how good answers are now: %d calls were judged, %d are needed"
                    .formatted(measures.judged(), Measures.LEAST_JUDGED));
        } else {
            reasons.add("%s of %,d judged answers are good (%s to %s)"
                    .formatted(percent(good.value()), measures.judged(), percent(good.low()), percent(good.high())));
        }
        reasons.add("%,d right answers by experts are there, of %s to learn from"
                .formatted(known.demonstrations(), count(known.scenario().get(Input.ROWS))));
        if (known.scenario().get(Input.WRONG_ANSWER).signum() == 0) {
            unknown.add("what a wrong answer costs: quality counts for nothing until it is known (wrong-answer)");
        }
    }

    private void changes(Choice choice) {
        Scenario scenario = choice == Choice.CLASSIC ? known.scenario().classic() : known.scenario();
        Choice other = choice == Choice.STAY || choice == Choice.PROMPT
                ? known.closed().isClosed() ? Choice.CLASSIC : Choice.POST_TRAIN
                : Choice.STAY;
        if (other == Choice.CLASSIC) {
            scenario = known.scenario().classic();
        }
        boolean upwards = other != Choice.STAY;
        BigDecimal calls = known.priced() ? Thresholds.calls(scenario) : null;
        if (calls != null) {
            changes.add(new Change(
                    "calls a month",
                    hasVolume() ? count(scenario.get(Input.CALLS)) : "unknown",
                    (upwards ? "at least " : "fewer than ") + count(calls),
                    other));
        } else if (known.priced()) {
            changes.add(new Change(
                    "calls a month",
                    hasVolume() ? count(scenario.get(Input.CALLS)) : "unknown",
                    "no number: a call costs no more now than it would",
                    other));
        }
        BigDecimal price = hasVolume() ? Thresholds.price(scenario) : null;
        if (price != null) {
            changes.add(new Change(
                    "price of a call now",
                    known.priced() ? amount(scenario.get(Input.PRICE)) : "unknown",
                    (upwards ? "at least " : "less than ") + amount(price),
                    other));
        }
        switch (choice) {
            case CLASSIC -> {
                changes.add(new Change(
                        "different answers",
                        Integer.toString(known.closed().distinct()),
                        "more than " + Closed.MOST_DISTINCT,
                        Choice.POST_TRAIN));
                long rows = (long) ROWS_OF_LABEL * Math.max(1, known.closed().distinct());
                if (known.demonstrations() < rows) {
                    reasons.add("A classic model wants some %,d rows here, %d of each answer"
                            .formatted(rows, ROWS_OF_LABEL));
                }
            }
            case PROMPT ->
                changes.add(new Change(
                        "share of good answers",
                        percent(known.measures().goodShare()),
                        "at least " + percent(GOOD_ENOUGH),
                        Choice.STAY));
            case POST_TRAIN, STAY -> {}
        }
    }

    private String sentence(Choice choice) {
        BreakEven breakEven = known.breakEven();
        return switch (choice) {
            case POST_TRAIN ->
                known.priced() && hasVolume()
                        ? "Post-train: it pays for itself in %s months (nine of ten: %s to %s)."
                                .formatted(
                                        months(breakEven.months()),
                                        months(breakEven.ninety().low()),
                                        months(breakEven.ninety().high()))
                        : "Post-train: the evaluation shows it to be better; what it costs is not known.";
            case CLASSIC ->
                "Use a cheaper classic model: it is a matter of labels, which one learns from some hundred rows.";
            case PROMPT ->
                "Mend the prompt, or what is retrieved for it, first: too few answers are good, and a model of its own %s."
                        .formatted(
                                known.priced() && hasVolume()
                                        ? "does not pay, or has too little to learn from"
                                        : "is not known to pay");
            case STAY ->
                !known.priced() || !hasVolume()
                        ? "Stay general: what is known does not say that anything else pays."
                        : "Stay general: a model of its own pays within %d months in %s of the draws alone."
                                .formatted(BreakEven.HORIZON, percent(breakEven.within()));
        };
    }

    private static String months(@Nullable Double months) {
        return months == null ? "never" : String.format(Locale.ROOT, "%.1f", months);
    }

    private String money(BigDecimal amount) {
        return String.format(Locale.ROOT, "%,.2f %s", amount, known.currency());
    }

    private String amount(BigDecimal amount) {
        return amount.stripTrailingZeros().toPlainString() + " " + known.currency();
    }

    private static String count(BigDecimal number) {
        return String.format(Locale.ROOT, "%,.0f", number);
    }

    private static String percent(@Nullable Double share) {
        return share == null ? "unknown" : String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }
}
