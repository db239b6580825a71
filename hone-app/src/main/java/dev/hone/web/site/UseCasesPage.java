package dev.hone.web.site;

import dev.hone.capture.feedback.FeedbackRules;
import dev.hone.record.Role;
import dev.hone.store.EvaluationList;
import dev.hone.store.Usage;
import dev.hone.store.Usage.By;
import dev.hone.store.Usage.Times;
import dev.hone.web.ParetoPlot;
import java.math.BigDecimal;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** What each use case costs, how good it is, and how long it takes. */
public final class UseCasesPage {
    private static final int DAYS = 30;
    private static final int BARS = 8;

    private final Views views;
    private final Usage usage;
    private final EvaluationList evaluations;
    private final Supplier<Map<String, FeedbackRules>> rules;
    private final InstantSource clock;

    /** @param rules what use cases declare of their feedback; throws {@link IllegalArgumentException} where that cannot be read */
    UseCasesPage(
            Views views,
            Usage usage,
            EvaluationList evaluations,
            Supplier<Map<String, FeedbackRules>> rules,
            InstantSource clock) {
        this.views = views;
        this.usage = usage;
        this.evaluations = evaluations;
        this.rules = rules;
        this.clock = clock;
    }

    /**
     * A use case.
     *
     * @param good how many said so, in percent
     * @param evaluation the newest; null where there is none
     */
    public record Row(Tally tally, String good, @Nullable EvaluationRow evaluation) {}

    /** @param plots one for each currency, or of calls where no price is known */
    public record Page(Shell shell, List<Row> rows, List<ParetoPlot> plots) {
        public boolean spend() {
            return rows.stream().anyMatch(row -> !row.tally().spend().isEmpty());
        }

        public long unpriced() {
            return rows.stream().mapToLong(row -> row.tally().unpriced()).sum();
        }
    }

    List<Route> routes() {
        return List.of(Route.of(Role.VIEWER, "GET", "/use-cases", this::show));
    }

    private Answer show(Ask ask) {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        List<Tally> tallies = Tally.byName(usage.lines(new Usage.Asked(
                ask.membership().projectName(),
                today.minusDays(DAYS - 1L),
                today,
                null,
                Set.of(By.ROUTE),
                Times.WHOLE)));
        Map<String, EvaluationRow> judged = new HashMap<>();
        evaluations.newest(ask.project()).forEach(one -> judged.put(one.useCase(), EvaluationRow.of(one)));
        Map<String, FeedbackRules> declared = declared();
        Set<String> currencies = new TreeSet<>();
        tallies.forEach(tally -> currencies.addAll(tally.spend().keySet()));
        List<Row> rows = tallies.stream()
                .sorted(order(currencies))
                .map(tally -> new Row(
                        tally,
                        tally.good(declared.getOrDefault(tally.name(), FeedbackRules.UNDECLARED)),
                        judged.get(tally.name())))
                .toList();
        return views.page(
                "use-cases",
                new Page(
                        views.shell(ask, "use-cases", "Use cases"),
                        rows,
                        currencies.isEmpty() && !tallies.isEmpty()
                                ? List.of(plot("Calls", tallies, Tally::calls, 0, ""))
                                : currencies.stream()
                                        .map(currency -> plot(
                                                "Spend in " + currency,
                                                tallies,
                                                tally -> spend(tally, currency),
                                                2,
                                                currency))
                                        .toList()));
    }

    /** Nothing where files cannot be read: figures are seen all the same, and the upstreams' page says why. */
    private Map<String, FeedbackRules> declared() {
        try {
            return rules.get();
        } catch (IllegalArgumentException e) {
            return Map.of();
        }
    }

    /** What costs most is first; by calls where money is of several currencies, or none. */
    private static Comparator<Tally> order(Set<String> currencies) {
        return currencies.size() == 1
                ? Comparator.comparingDouble(
                        (Tally tally) -> -spend(tally, currencies.iterator().next()))
                : Comparator.comparingLong(tally -> -tally.calls());
    }

    private static double spend(Tally tally, String currency) {
        return tally.spend().getOrDefault(currency, BigDecimal.ZERO).doubleValue();
    }

    private static ParetoPlot plot(
            String what, List<Tally> tallies, ToDoubleFunction<Tally> value, int digits, String currency) {
        List<Tally> sorted = tallies.stream()
                .filter(tally -> value.applyAsDouble(tally) > 0)
                .sorted(Comparator.comparingDouble(value).reversed())
                .toList();
        List<ParetoPlot.Part> parts = new ArrayList<>();
        for (Tally tally : sorted.subList(0, Math.min(BARS, sorted.size()))) {
            double one = value.applyAsDouble(tally);
            parts.add(new ParetoPlot.Part(tally.name(), one, shown(one, digits, currency)));
        }
        if (sorted.size() > BARS) {
            double rest = sorted.stream().skip(BARS).mapToDouble(value).sum();
            parts.add(new ParetoPlot.Part("others", rest, shown(rest, digits, currency)));
        }
        return new ParetoPlot("%s of %d days".formatted(what, DAYS), parts);
    }

    private static String shown(double value, int digits, String currency) {
        return currency.isEmpty() ? Figures.number(value, digits) : Figures.money(BigDecimal.valueOf(value), currency);
    }
}
