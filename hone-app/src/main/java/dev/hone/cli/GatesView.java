package dev.hone.cli;

import dev.hone.promote.Gate;
import dev.hone.promote.GateOutlook;
import dev.hone.promote.Gates;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Gates as {@code hone check} understood them. */
record GatesView(@Nullable String contender, @Nullable String baseline, List<One> all, List<String> warnings) {
    /**
     * A gate.
     *
     * @param limit in its unit: a share, the report's currency, milliseconds, tasks
     * @param sentence what it means
     */
    record One(String gate, double limit, String sentence) {}

    static GatesView of(Gates gates) {
        return new GatesView(
                gates.contender(),
                gates.baseline(),
                gates.all().stream().map(GatesView::one).toList(),
                GateOutlook.declared(gates));
    }

    private static One one(Gate gate) {
        return switch (gate) {
            case Gate.Quality quality ->
                new One(
                        gate.key(),
                        quality.margin(),
                        "right no less often than what it replaces, by %s at most; %s"
                                .formatted(points(quality.margin()), needed(quality.margin())));
            case Gate.Slices slices ->
                new One(
                        gate.key(),
                        slices.margin(),
                        "the same on every part of %d tasks or more, by %s at most; %s of each"
                                .formatted(slices.leastRows(), points(slices.margin()), needed(slices.margin())));
            case Gate.Cost cost ->
                new One(gate.key(), cost.most(), "a thousand requests cost at most %s".formatted(cost.most()));
            case Gate.P95 p95 ->
                new One(
                        gate.key(),
                        p95.most().toNanos() / 1e6,
                        "95 of 100 requests take at most %d ms, by the upper end of the interval"
                                .formatted(p95.most().toMillis()));
            case Gate.Retention retention ->
                new One(
                        gate.key(),
                        retention.margin(),
                        "on earlier tasks %s right no less often, by %s at most"
                                .formatted(retention.data(), points(retention.margin())));
            case Gate.SampleSize size ->
                new One(gate.key(), size.least(), "judged on at least %d tasks".formatted(size.least()));
        };
    }

    private static String points(double share) {
        return String.format(Locale.ROOT, "%.1f points", 100 * share);
    }

    private static String needed(double margin) {
        return margin == 0
                ? "with a margin of 0 only a version that is shown to be better can pass"
                : "one that is just as good needs %s, to show it four times of five"
                        .formatted(GateOutlook.about(margin));
    }

    void print() {
        for (One one : all) {
            System.out.printf("  gate       %s: %s%n", one.gate(), one.sentence());
        }
        warnings.forEach(warning -> System.out.println("  warning    " + warning));
        if (contender != null || baseline != null) {
            System.out.printf(
                    "  gates      reports call the version [%s], and what it replaces [%s]%n",
                    contender == null ? "by its name, or as the last contender" : contender,
                    baseline == null ? "by the name of the live version, or today's model" : baseline);
        }
    }
}
