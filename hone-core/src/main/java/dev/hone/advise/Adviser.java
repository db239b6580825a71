package dev.hone.advise;

import dev.hone.advise.Advice.Change;
import dev.hone.advise.Advice.Choice;
import dev.hone.evaluate.Interval;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The verdict, by rules in this order: what has a model of its own keeps it or not ({@link Keeping}); what an evaluation showed; without judgments, calls
 * or a price nothing is known; labels are for a classic model; what is poor and does not pay wants a better prompt first; what pays within
 * {@link BreakEven#HORIZON} months in half of the draws is worth a model; all else stays. docs/advise.md has them.
 */
final class Adviser {
    static final double LIKELY = 0.5;
    private static final double GOOD_ENOUGH = 0.8;

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
        LiveModel live = known.live();
        say(live);
        if (live != null) {
            Keeping keeping = Keeping.of(known, live);
            reasons.addAll(keeping.reasons());
            unknown.addAll(keeping.unknown());
            return new Advice(Choice.OWN, keeping.sentence(), reasons, keeping.changes(), unknown);
        }
        Choice choice = choice();
        changes(choice);
        return new Advice(choice, sentence(choice), reasons, changes, unknown);
    }

    private boolean pays() {
        return known.hasCosts() && known.breakEven().within() >= LIKELY;
    }

    /** Whether enough people say so that it is surely not good enough. */
    private boolean isPoor() {
        Interval good = known.good();
        return good != null && good.high() < GOOD_ENOUGH;
    }

    /** Whether half of what is learned from is there. */
    private boolean hasRows() {
        return 2 * known.rightAnswers().all()
                >= known.scenario().get(Input.ROWS).doubleValue();
    }

    private Choice choice() {
        String shown = known.evaluated() == null ? null : known.evaluated().choice();
        if ("classic".equals(shown)) {
            return Choice.CLASSIC;
        }
        if ("post-train".equals(shown)) {
            return pays() || !known.hasCosts() ? Choice.POST_TRAIN : Choice.STAY;
        }
        if ("stay".equals(shown)) {
            return isPoor() ? Choice.PROMPT : Choice.STAY;
        }
        if (known.good() == null) {
            return Choice.UNKNOWN;
        }
        // What is poor, and has nothing to learn from, wants a better prompt whatever it costs.
        if (!known.closed().isClosed() && isPoor() && !hasRows()) {
            return Choice.PROMPT;
        }
        return known.hasCosts() ? byCosts() : Choice.UNKNOWN;
    }

    /** What costs say, and judgments where there are enough. */
    private Choice byCosts() {
        if (known.closed().isClosed()) {
            return Thresholds.pays(known.scenario().classic())
                    ? Choice.CLASSIC
                    : isPoor() ? Choice.PROMPT : Choice.STAY;
        }
        if (isPoor() && !(pays() && hasRows())) {
            return Choice.PROMPT;
        }
        return pays() ? Choice.POST_TRAIN : Choice.STAY;
    }

    /** What is known, whatever it decides, and what is not. */
    private void say(@Nullable LiveModel live) {
        evaluation(live);
        Closed closed = known.closed();
        if (closed.answers() >= Closed.LEAST_ANSWERS) {
            reasons.add(
                    closed.isClosed()
                            ? "Answers are of a closed set: %d different ones in %d"
                                    .formatted(closed.distinct(), closed.answers())
                            : "Answers are open: %s of %d are short, and %s of these were said more than once"
                                    .formatted(
                                            percent(closed.shortShare()),
                                            closed.answers(),
                                            percent(closed.repeated())));
        } else if (live == null) {
            unknown.add("whether answers are of a closed set: only %d were seen".formatted(closed.answers()));
        }
        reasons.add("%s of what is sent is the same in all calls: a tuned model does not need it"
                .formatted(percent(known.fixed())));
        if (known.estimated()) {
            unknown.add("tokens of a call: nobody counted them, so a token is taken for four characters");
        }
        own();
        quality(live);
        costs(live);
        RightAnswers there = known.rightAnswers();
        reasons.add("%,d right answers are there, of %s to learn from%s"
                .formatted(
                        there.all(),
                        count(known.scenario().get(Input.ROWS)),
                        there.all() == 0 ? "" : ": " + there.whose()));
        if (known.scenario().get(Input.WRONG_ANSWER).signum() == 0) {
            unknown.add(
                    "what a wrong answer costs: quality counts for nothing until --prices says it, under wrong-answer");
        }
    }

    private void evaluation(@Nullable LiveModel live) {
        Evaluated evaluated = known.evaluated();
        if (evaluated != null && !evaluated.sentence().isEmpty()) {
            reasons.add("The evaluation of %s says: %s".formatted(evaluated.day(), evaluated.sentence()));
        } else if (live == null) {
            unknown.add("how well a tuned and a classic model do it: %s (hone demo --data)"
                    .formatted(
                            evaluated == null
                                    ? "no evaluation of it is in the store"
                                    : "the evaluation of %s has no verdict".formatted(evaluated.day())));
        }
    }

    /** Calls that say nothing of the general model. */
    private void own() {
        Measures measures = known.measures();
        if (measures.own() > 0) {
            reasons.add(
                    "%,d of %,d calls that were looked at were answered by models of its own: what they cost and how good they were is not counted as the general model's"
                            .formatted(measures.own(), measures.calls()));
        }
    }

    private void quality(@Nullable LiveModel live) {
        Measures measures = known.measures();
        Interval good = known.good();
        if (good != null) {
            reasons.add("%s of the general model's %,d judged answers are good (%s to %s)"
                    .formatted(percent(good.value()), measures.judged(), percent(good.low()), percent(good.high())));
        } else if (live == null) {
            unknown.add(
                    "how good answers are now: %d calls were judged, %d are needed (POST /v1/feedback, of the kind boolean)"
                            .formatted(measures.judged(), Measures.LEAST_JUDGED));
        }
    }

    private void costs(@Nullable LiveModel live) {
        if (!known.hasVolume()) {
            unknown.add("calls a month: all that was seen are imported rows (send calls through hone serve)");
        }
        if (!known.priced()) {
            unknown.add("what a call costs: %swrite [prices] of its model in hone.yaml, or give --prices or --price"
                    .formatted(
                            known.measures().free() == 0
                                    ? ""
                                    : "%,d cost 0, which is no price; "
                                            .formatted(known.measures().free())));
        } else if (known.hasVolume() && live == null) {
            Costs costs = Costs.of(known.scenario());
            reasons.add("A month costs %s now, and would cost %s with a model of its own, after %s once"
                    .formatted(money(costs.now(), known), money(costs.tuned(), known), money(costs.once(), known)));
            reasons.add("%s of %,d draws pay within %d months"
                    .formatted(
                            percent(known.breakEven().within()),
                            known.breakEven().draws(),
                            BreakEven.HORIZON));
        }
    }

    private void changes(Choice choice) {
        if (choice == Choice.UNKNOWN && known.good() == null) {
            judgments();
            return;
        }
        boolean upwards = choice == Choice.STAY || choice == Choice.PROMPT || choice == Choice.UNKNOWN;
        Choice other = !upwards ? Choice.STAY : known.closed().isClosed() ? Choice.CLASSIC : Choice.POST_TRAIN;
        Scenario scenario = choice == Choice.CLASSIC || other == Choice.CLASSIC
                ? known.scenario().classic()
                : known.scenario();
        turns(scenario, upwards, other);
        switch (choice) {
            case CLASSIC -> {
                changes.add(new Change(
                        "different answers",
                        Integer.toString(known.closed().distinct()),
                        "more than " + Closed.MOST_DISTINCT,
                        Choice.POST_TRAIN));
                long rows = (long) ROWS_OF_LABEL * Math.max(1, known.closed().distinct());
                if (known.rightAnswers().all() < rows) {
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
            case POST_TRAIN, STAY, OWN, UNKNOWN -> {}
        }
    }

    /** The calls of a month and the price of a call from which it would be another. */
    private void turns(Scenario scenario, boolean upwards, Choice other) {
        String volume = known.hasVolume() ? count(scenario.get(Input.CALLS)) : "unknown";
        if (known.priced()) {
            BigDecimal calls = Thresholds.calls(scenario);
            changes.add(new Change(
                    "calls a month",
                    volume,
                    calls == null
                            ? "no number: a call costs no more now than it would"
                            : (upwards ? "at least " : "fewer than ") + count(calls),
                    other));
        }
        BigDecimal price = known.hasVolume() ? Thresholds.price(scenario) : null;
        if (price != null) {
            changes.add(new Change(
                    "price of a call now",
                    known.priced() ? amount(scenario.get(Input.PRICE), known) : "unknown",
                    bound(price, upwards, known),
                    other));
        }
    }

    /** How many of the fewest judgments must be good for what costs say. */
    private void judgments() {
        if (known.hasCosts()) {
            int enough = 0;
            while (Interval.wilson(enough, Measures.LEAST_JUDGED).high() < GOOD_ENOUGH) {
                enough++;
            }
            changes.add(new Change(
                    "good answers among the judged",
                    "%d of %d"
                            .formatted(known.measures().good(), known.measures().judged()),
                    "at least %d of %d".formatted(enough, Measures.LEAST_JUDGED),
                    byCosts()));
        }
    }

    private String sentence(Choice choice) {
        BreakEven breakEven = known.breakEven();
        Evaluated evaluated = known.evaluated();
        return switch (choice) {
            case POST_TRAIN ->
                known.hasCosts()
                        ? "Post-train: it pays for itself in %s.".formatted(breakEven.words())
                        : "Post-train: the evaluation shows it to be better; what it costs is not known.";
            case CLASSIC ->
                "Use a cheaper classic model: it is a matter of labels, which one learns from some hundred rows.";
            case PROMPT ->
                "Mend the prompt, or what is retrieved for it, first: too few answers are good, and a model of its own %s."
                        .formatted(
                                known.hasCosts()
                                        ? "does not pay, or has too little to learn from"
                                        : "is not known to pay");
            case STAY ->
                evaluated != null && "stay".equals(evaluated.choice())
                        ? "Stay general: so the evaluation of %s says.".formatted(evaluated.day())
                        : "Stay general: a model of its own pays within %d months in %s of the draws alone."
                                .formatted(BreakEven.HORIZON, percent(breakEven.within()));
            case UNKNOWN -> "Not known: nobody knows %s.%s".formatted(missing(), alone());
            case OWN -> throw new IllegalStateException("What has a model of its own is another's question");
        };
    }

    /** What stands in the way of a verdict. */
    private String missing() {
        List<String> missing = new ArrayList<>();
        if (known.good() == null) {
            missing.add("how good answers are now");
        }
        if (!known.hasVolume()) {
            missing.add("how often it is called");
        }
        if (!known.priced()) {
            missing.add("what a call costs");
        }
        String last = missing.removeLast();
        return missing.isEmpty() ? last : String.join(", ", missing) + " and " + last;
    }

    /** What costs alone say, where they are known. */
    private String alone() {
        if (!known.hasCosts()) {
            return "";
        }
        return switch (byCosts()) {
            case CLASSIC -> " By costs alone, a cheaper classic model pays, were it as good.";
            case POST_TRAIN ->
                " By costs alone, a model of its own pays for itself in %s, were it as good."
                        .formatted(known.breakEven().words());
            case PROMPT, STAY, OWN, UNKNOWN ->
                " By costs alone, nothing else pays: a model of its own within %d months in %s of the draws."
                        .formatted(BreakEven.HORIZON, percent(known.breakEven().within()));
        };
    }

    static String money(BigDecimal amount, Known known) {
        return String.format(Locale.ROOT, "%,.2f %s", amount, known.currency());
    }

    /** A price of a call, with three digits that count. */
    static String amount(BigDecimal amount, Known known) {
        return amount(amount, RoundingMode.HALF_UP, known);
    }

    /** From which price on, or up to which: rounded so that what is said of it is true. */
    static String bound(BigDecimal price, boolean upwards, Known known) {
        return upwards
                ? "at least " + amount(price, RoundingMode.CEILING, known)
                : "less than " + amount(price, RoundingMode.FLOOR, known);
    }

    private static String amount(BigDecimal amount, RoundingMode rounding, Known known) {
        BigDecimal rounded = amount.round(new MathContext(3, rounding));
        return (rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString()) + " " + known.currency();
    }

    static String count(BigDecimal number) {
        return String.format(Locale.ROOT, "%,.0f", number);
    }

    static String percent(@Nullable Double share) {
        return share == null ? "unknown" : String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }
}
