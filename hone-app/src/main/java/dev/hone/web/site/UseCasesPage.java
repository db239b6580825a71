package dev.hone.web.site;

import dev.hone.record.Role;
import dev.hone.store.EvaluationList;
import dev.hone.store.RecentCalls;
import dev.hone.web.ParetoPlot;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What each use case costs, how good it is, and how long it takes. */
public final class UseCasesPage {
    private static final Duration TIME = Duration.ofDays(30);
    private static final int BARS = 8;
    private static final int EVALUATIONS = 100;

    private final Views views;
    private final RecentCalls usage;
    private final EvaluationList evaluations;
    private final InstantSource clock;

    UseCasesPage(Views views, RecentCalls usage, EvaluationList evaluations, InstantSource clock) {
        this.views = views;
        this.usage = usage;
        this.evaluations = evaluations;
        this.clock = clock;
    }

    /**
     * A use case.
     *
     * @param opinions null where nobody said anything
     * @param evaluation the newest; null where there is none
     */
    public record Row(
            RecentCalls.Line line,
            RecentCalls.@Nullable Opinions opinions,
            @Nullable EvaluationSummary evaluation) {}

    /** @param spend whether bars are of money, or of calls since no price is known */
    public record Page(Shell shell, List<Row> rows, ParetoPlot plot, boolean spend) {}

    List<Route> routes() {
        return List.of(Route.of(Role.VIEWER, "GET", "/use-cases", this::show));
    }

    private Answer show(Ask ask) {
        UUID project = ask.project();
        Instant from = clock.instant().minus(TIME);
        Map<String, RecentCalls.Opinions> opinions = new HashMap<>();
        usage.opinions(project, from).forEach(one -> opinions.put(one.useCase(), one));
        Map<String, EvaluationSummary> judged = new HashMap<>();
        evaluations
                .all(project, EVALUATIONS)
                .reversed()
                .forEach(one -> judged.put(one.useCase(), EvaluationSummary.of(one)));
        List<Row> rows = new ArrayList<>();
        for (RecentCalls.Line line : usage.byUseCase(project, from)) {
            String name = line.useCase();
            rows.add(new Row(line, name == null ? null : opinions.get(name), name == null ? null : judged.get(name)));
        }
        boolean spend = rows.stream().anyMatch(row -> row.line().spend() != null);
        rows.sort(Comparator.comparingDouble(row -> -value(row.line(), spend)));
        return views.page(
                "use-cases", new Page(views.shell(ask, "use-cases", "Use cases"), rows, plot(rows, spend), spend));
    }

    private static double value(RecentCalls.Line line, boolean spend) {
        BigDecimal money = line.spend();
        return spend ? money == null ? 0 : money.doubleValue() : line.calls();
    }

    private static ParetoPlot plot(List<Row> rows, boolean spend) {
        List<ParetoPlot.Part> parts = new ArrayList<>();
        for (Row row : rows.subList(0, Math.min(BARS, rows.size()))) {
            RecentCalls.Line line = row.line();
            String name = line.useCase();
            parts.add(new ParetoPlot.Part(
                    name == null ? "no use case" : name,
                    value(line, spend),
                    spend ? Figures.money(line.spend(), line.currency()) : Figures.count(line.calls())));
        }
        if (rows.size() > BARS) {
            double rest = rows.stream()
                    .skip(BARS)
                    .mapToDouble(row -> value(row.line(), spend))
                    .sum();
            parts.add(new ParetoPlot.Part("others", rest, Figures.number(rest, spend ? 2 : 0)));
        }
        return new ParetoPlot(spend ? "Spend of 30 days" : "Calls of 30 days", parts);
    }
}
