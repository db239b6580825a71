package dev.hone.advise;

import dev.hone.advise.Advice.Change;
import dev.hone.advise.Advice.Choice;
import dev.hone.evaluate.Interval;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Whether a version of one's own that is live is worth keeping, by how good it and the general model are, and by what either costs in a month; what was
 * paid once is paid.
 *
 * @param sentence that it has one, how much it answers, and whether to keep it
 */
record Keeping(String sentence, List<String> reasons, List<Change> changes, List<String> unknown) {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

    static Keeping of(Known known, LiveModel live) {
        return new Judging(known, live).keeping();
    }

    /** It, as it is worked out. */
    private static final class Judging {
        private final Known known;
        private final LiveModel live;

        @Nullable
        private final Interval own;

        @Nullable
        private final Interval general;

        private final List<String> reasons = new ArrayList<>();
        private final List<Change> changes = new ArrayList<>();
        private final List<String> unknown = new ArrayList<>();

        private Judging(Known known, LiveModel live) {
            this.known = known;
            this.live = live;
            this.own = live.share();
            this.general = known.good();
        }

        private Keeping keeping() {
            say();
            return new Keeping(
                    "It has a model of its own, %s, live since %s UTC: %s %s"
                            .formatted(live.version(), time(live.since()), answered(), worth()),
                    reasons,
                    changes,
                    unknown);
        }

        private void say() {
            if (own != null) {
                reasons.add("%s of %,d judged answers of %s are good (%s to %s)"
                        .formatted(
                                Adviser.percent(own.value()),
                                live.judged(),
                                live.version(),
                                Adviser.percent(own.low()),
                                Adviser.percent(own.high())));
            } else {
                unknown.add(
                        "how good answers of %s are: %d were judged, %d are needed (POST /v1/feedback, of the kind boolean)"
                                .formatted(live.version(), live.judged(), Measures.LEAST_JUDGED));
            }
            if (general == null) {
                unknown.add(
                        "how good the general model's answers are: %d were judged, %d are needed (--days looks farther back)"
                                .formatted(known.measures().judged(), Measures.LEAST_JUDGED));
            }
            if (known.hasCosts()) {
                Costs costs = costs();
                reasons.add("A month costs %s with it, and would cost %s with the general model, at %s a call"
                        .formatted(
                                Adviser.money(costs.tuned(), known),
                                Adviser.money(costs.now(), known),
                                Adviser.amount(known.scenario().get(Input.PRICE), known)));
                reasons.add("In %s of %,d draws it saves something"
                        .formatted(Adviser.percent(saves()), known.breakEven().draws()));
            }
        }

        private String answered() {
            return live.calls() == 0
                    ? "no call was looked at since then."
                    : "it answered %,d of %,d calls that were looked at since then."
                            .formatted(live.answered(), live.calls());
        }

        private Costs costs() {
            return Costs.of(known.scenario());
        }

        /** In which share of the draws. */
        private double saves() {
            return 1 - known.breakEven().never();
        }

        private String worth() {
            if (live.calls() > 0 && live.answered() == 0) {
                return "Whether it is worth keeping is not known, since it answers none of them: hone canary status %s."
                        .formatted(live.useCase());
            }
            if (own != null && general != null && own.high() < general.low()) {
                changes.add(new Change(
                        "share of its good answers",
                        Adviser.percent(own.value()),
                        "at least " + Adviser.percent(general.low()),
                        Choice.OWN));
                return "Do not keep it: %s of its judged answers are good, and %s of the general model's (hone canary stop %s --live)."
                        .formatted(Adviser.percent(own.value()), Adviser.percent(general.value()), live.useCase());
            }
            boolean saves = known.hasCosts() && saves() >= Adviser.LIKELY;
            turns(saves);
            if (!known.hasCosts()) {
                return "Whether it is worth keeping is not known: nobody knows %s."
                        .formatted(
                                known.hasVolume()
                                        ? "what a call of the general model costs"
                                        : "how often it is called");
            }
            Costs costs = costs();
            String both = "a month costs %s with it, and would cost %s with the general model"
                    .formatted(Adviser.money(costs.tuned(), known), Adviser.money(costs.now(), known));
            if (saves) {
                return "Keep it: %s.%s".formatted(both, asGood());
            }
            String from = from(costs);
            return from == null
                    ? "By its costs it is not worth keeping: %s.%s".formatted(both, asGood())
                    : "Keep it where a wrong answer costs %s or more: it is better, and %s.".formatted(from, both);
        }

        private String asGood() {
            if (own == null || general == null) {
                return " Whether its answers are as good is not known.";
            }
            return own.low() > general.high() ? " Its answers are better." : " Its answers are not shown to be worse.";
        }

        /** The cost of a wrong answer from which on better answers are worth what they cost; null where they are not shown to be better. */
        private @Nullable String from(Costs costs) {
            if (own == null || general == null || own.low() <= general.high()) {
                return null;
            }
            BigDecimal fewer =
                    known.scenario().get(Input.CALLS).multiply(BigDecimal.valueOf(own.value() - general.value()));
            BigDecimal more = costs.tuned().subtract(costs.now()).max(BigDecimal.ZERO);
            return Adviser.amount(more.divide(fewer, new MathContext(3, RoundingMode.CEILING)), known);
        }

        /** The calls of a month and the price of a call from which on, or up to which, it saves something. */
        private void turns(boolean saves) {
            Scenario running = known.scenario().running();
            Choice other = saves ? Choice.STAY : Choice.OWN;
            BigDecimal calls = known.hasCosts() ? Thresholds.calls(running) : null;
            if (calls != null) {
                changes.add(new Change(
                        "calls a month",
                        Adviser.count(running.get(Input.CALLS)),
                        (saves ? "fewer than " : "at least ") + Adviser.count(calls),
                        other));
            }
            BigDecimal price = known.hasVolume() ? Thresholds.price(running) : null;
            if (price != null) {
                changes.add(new Change(
                        "price of a call of the general model",
                        known.priced() ? Adviser.amount(running.get(Input.PRICE), known) : "unknown",
                        Adviser.bound(price, !saves, known),
                        other));
            }
        }
    }

    private static String time(Instant time) {
        return TIME.format(time);
    }
}
