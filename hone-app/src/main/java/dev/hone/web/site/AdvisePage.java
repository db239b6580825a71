package dev.hone.web.site;

import dev.hone.advise.Advice;
import dev.hone.advise.AdviceReport;
import dev.hone.advise.BreakEven;
import dev.hone.advise.Costs;
import dev.hone.advise.Input;
import dev.hone.advise.Prices;
import dev.hone.advise.Scenario;
import dev.hone.advise.UseCaseAdvice;
import dev.hone.record.Role;
import dev.hone.store.AdviceList;
import dev.hone.web.BreakEvenPlot;
import dev.hone.web.LeverPlot;
import dev.hone.web.ParetoPlot;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** What {@code hone advise} said last, and what it would say with other figures. */
public final class AdvisePage {
    private static final String PATH = "/advise";
    private static final int BARS = 8;
    private static final int LEVERS = 8;
    private static final int DRAWS = 1_000;
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    private final Views views;
    private final AdviceList kept;

    AdvisePage(Views views, AdviceList kept) {
        this.views = views;
        this.kept = kept;
    }

    /**
     * All use cases.
     *
     * @param report null where there is none
     * @param unreadable whether there is one of another Hone
     */
    public record Page(
            Shell shell,
            @Nullable AdviceReport report,
            boolean unreadable,
            List<UseCaseAdvice> useCases,
            List<ParetoPlot> plots) {}

    /**
     * One of them, as it is or would be. Where a version of its own is live, what was paid once is paid.
     *
     * @param known whether somebody says how often it is called, and what a call costs now
     */
    public record One(
            Shell shell,
            AdviceReport report,
            UseCaseAdvice useCase,
            List<Slider> sliders,
            Costs costs,
            BreakEven breakEven,
            boolean changed,
            boolean known,
            BreakEvenPlot plot,
            LeverPlot levers,
            List<Row> inputs) {
        public String money(BigDecimal amount) {
            return String.format(Locale.ROOT, "%,.2f %s", amount, report.currency());
        }

        /** What a month is with a version that is live, against one without it. */
        public String kept() {
            return costs.saving().signum() < 0
                    ? "costs " + money(costs.saving().negate()) + " more"
                    : "saves " + money(costs.saving());
        }
    }

    /**
     * An input that can be moved.
     *
     * @param low end of the slider
     * @param high end of the slider
     * @param logarithmic whether equal ratios are equally far
     */
    public record Slider(String name, String label, String value, String low, String high, boolean logarithmic) {}

    /** An input with where it is from. */
    public record Row(String label, String value, String spread, String source, String date, boolean assumed) {}

    List<Route> routes() {
        return List.of(
                Route.of(Role.VIEWER, "GET", PATH, this::all),
                Route.of(Role.VIEWER, "GET", PATH + "/{name}", this::one));
    }

    private Answer all(Ask ask) {
        String newest = kept.newest(ask.project()).orElse(null);
        AdviceReport report = newest == null ? null : read(newest);
        List<UseCaseAdvice> useCases = report == null ? List.of() : report.bySpend();
        return views.page(
                "advise",
                new Page(
                        views.shell(ask, "advise", "Advise"),
                        report,
                        newest != null && report == null,
                        useCases,
                        report == null || useCases.isEmpty() ? List.of() : List.of(plot(useCases, report.currency()))));
    }

    private Answer one(Ask ask) {
        AdviceReport report = read(kept.newest(ask.project()).orElseThrow(PageRefusal::notFound));
        if (report == null) {
            throw PageRefusal.notFound();
        }
        UseCaseAdvice useCase = report.useCases().stream()
                .filter(one -> one.name().equals(ask.part("name")))
                .findFirst()
                .orElseThrow(PageRefusal::notFound);
        Scenario moved = scenario(ask, useCase.scenario());
        boolean changed = !moved.equals(useCase.scenario());
        boolean live = useCase.live() != null;
        Scenario scenario = live ? moved.running() : moved;
        EnumMap<Input, Double> spreads = new EnumMap<>(Input.class);
        report.inputs().forEach((input, stated) -> {
            if (stated.spread() != null) {
                spreads.put(input, stated.spread());
            }
        });
        BreakEven breakEven = changed || live
                ? BreakEven.of(scenario, spreads, DRAWS, useCase.breakEven().seed())
                : useCase.breakEven();
        Costs costs = Costs.of(scenario);
        return views.page(
                "advice",
                new One(
                        views.shell(ask, "advise", useCase.name()),
                        report,
                        useCase,
                        sliders(moved, useCase.scenario()),
                        costs,
                        breakEven,
                        changed,
                        isKnown(useCase, moved),
                        live ? kept(costs, report.currency()) : plot(costs, breakEven, report.currency()),
                        levers(breakEven, live ? List.of() : breakEven.levers()),
                        inputs(report, scenario, moved, useCase.scenario())));
    }

    /** What traces do not say somebody may have said, by the sliders. */
    private static boolean isKnown(UseCaseAdvice useCase, Scenario scenario) {
        boolean priced = useCase.priced() || isMoved(Input.PRICE, scenario, useCase.scenario());
        boolean called = useCase.measures().perMonth() > 0 || isMoved(Input.CALLS, scenario, useCase.scenario());
        return priced && called;
    }

    private static boolean isMoved(Input input, Scenario scenario, Scenario before) {
        return scenario.get(input).compareTo(before.get(input)) != 0;
    }

    /** Null where it is of another Hone. */
    private static @Nullable AdviceReport read(String json) {
        try {
            AdviceReport report = JsonMapper.shared().readValue(json, AdviceReport.class);
            return report.schemaVersion() == AdviceReport.SCHEMA_VERSION ? report : null;
        } catch (JacksonException | NullPointerException | IllegalArgumentException e) {
            return null;
        }
    }

    /** What can be moved: volume, price, quality, what quality is worth, and what experts cost. */
    private enum Moved {
        CALLS(Input.CALLS, "Calls a month", BigDecimal.ONE),
        PRICE(Input.PRICE, "Price of a call now", BigDecimal.ONE),
        GAIN(Input.GAIN, "Quality, points more than now", HUNDRED),
        WRONG(Input.WRONG_ANSWER, "Cost of a wrong answer", BigDecimal.ONE),
        EXPERT(Input.EXPERT_HOUR, "Labelling, price of an hour", BigDecimal.ONE);

        private final Input input;
        private final String label;

        /** How many times the input's value is shown. */
        private final BigDecimal unit;

        Moved(Input input, String label, BigDecimal unit) {
            this.input = input;
            this.label = label;
            this.unit = unit;
        }
    }

    /** @throws PageRefusal when somebody asks for a value that is none */
    private static Scenario scenario(Ask ask, Scenario before) {
        Scenario scenario = before;
        for (Moved moved : Moved.values()) {
            String text = ask.query(moved.input.key());
            if (text != null) {
                BigDecimal shown = before.get(moved.input).multiply(moved.unit);
                BigDecimal value = number(moved, text);
                // What was not moved keeps all of its digits.
                if (value.compareTo(rounded(moved.input, shown)) != 0) {
                    try {
                        scenario = scenario.with(moved.input, value.divide(moved.unit, MathContext.DECIMAL64));
                    } catch (IllegalArgumentException e) {
                        throw new PageRefusal(400, String.valueOf(e.getMessage()));
                    }
                }
            }
        }
        return scenario;
    }

    private static BigDecimal number(Moved moved, String text) {
        if (!text.matches("-?\\d{1,12}(\\.\\d{1,12})?")) {
            throw new PageRefusal(
                    400, "[%s] is [%s]: give a number, for instance [0.02].".formatted(moved.input.key(), text));
        }
        return new BigDecimal(text);
    }

    /** With four digits that count; a price, which nobody knows so well, with three. */
    private static BigDecimal rounded(Input input, BigDecimal value) {
        return value.signum() == 0 ? BigDecimal.ZERO : value.round(new MathContext(input == Input.PRICE ? 3 : 4));
    }

    private static List<Slider> sliders(Scenario scenario, Scenario before) {
        List<Slider> sliders = new ArrayList<>();
        for (Moved moved : Moved.values()) {
            BigDecimal value = rounded(moved.input, scenario.get(moved.input).multiply(moved.unit));
            BigDecimal base = rounded(moved.input, before.get(moved.input).multiply(moved.unit));
            boolean logarithmic = moved != Moved.GAIN;
            BigDecimal middle = base.signum() > 0 ? base : fallback(moved);
            sliders.add(new Slider(
                    moved.input.key(),
                    moved.label,
                    plain(value),
                    logarithmic ? plain(middle.divide(HUNDRED, MathContext.DECIMAL32)) : "-20",
                    logarithmic ? plain(middle.multiply(HUNDRED)) : "20",
                    logarithmic));
        }
        return sliders;
    }

    /** About which a slider moves whose value is not known. */
    private static BigDecimal fallback(Moved moved) {
        return switch (moved) {
            case CALLS -> BigDecimal.valueOf(10_000);
            case PRICE -> new BigDecimal("0.001");
            case WRONG -> new BigDecimal("0.1");
            case GAIN, EXPERT -> BigDecimal.TEN;
        };
    }

    private static String plain(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }

    private static BreakEvenPlot plot(Costs costs, BreakEven breakEven, String currency) {
        return new BreakEvenPlot(
                "What both ways cost together",
                currency,
                costs.now().doubleValue(),
                costs.once().doubleValue(),
                costs.tuned().subtract(costs.quality()).doubleValue(),
                breakEven.months(),
                new BreakEvenPlot.Ends(breakEven.half().low(), breakEven.half().high()),
                new BreakEvenPlot.Ends(
                        breakEven.ninety().low(), breakEven.ninety().high()));
    }

    /** Where nothing is paid once, nothing pays for itself. */
    private static BreakEvenPlot kept(Costs costs, String currency) {
        BreakEvenPlot.Ends never = new BreakEvenPlot.Ends(null, null);
        return new BreakEvenPlot(
                "What both ways cost together from now on",
                currency,
                costs.now().doubleValue(),
                costs.once().doubleValue(),
                costs.tuned().subtract(costs.quality()).doubleValue(),
                null,
                never,
                never);
    }

    /** @param levers of the months until it pays */
    private static LeverPlot levers(BreakEven breakEven, List<BreakEven.Lever> levers) {
        return new LeverPlot(
                "Months until it pays, with one input at either end of nine of ten of its values; dashed: as it is",
                breakEven.months(),
                levers.stream()
                        .limit(LEVERS)
                        .map(lever -> new LeverPlot.Row(lever.input().said(), lever.low(), lever.high()))
                        .toList());
    }

    /**
     * @param moved what was reckoned with but for what is paid already
     * @param before as the report has it: where that is not what the prices say, an evaluation of the use case measured it
     */
    private static List<Row> inputs(AdviceReport report, Scenario scenario, Scenario moved, Scenario before) {
        List<Row> rows = new ArrayList<>();
        for (Input input : Input.values()) {
            if (scenario.get(input).compareTo(moved.get(input)) != 0) {
                rows.add(new Row(
                        input.said(), plain(rounded(input, scenario.get(input))), "", "paid already", "", false));
                continue;
            }
            Prices.Stated stated = report.inputs().get(input);
            BigDecimal stands = stated == null ? null : stated.value();
            boolean measured =
                    !input.isTraced() && stands != null && before.get(input).compareTo(stands) != 0;
            rows.add(new Row(
                    input.said(),
                    plain(rounded(input, scenario.get(input))),
                    stated == null || stated.spread() == null ? "" : String.valueOf(stated.spread()),
                    input.isTraced()
                            ? "traces"
                            : measured
                                    ? "its evaluation"
                                    : stated == null ? "" : stated.origin().source(),
                    input.isTraced() || measured || stated == null
                            ? ""
                            : stated.origin().date(),
                    !input.isTraced()
                            && !measured
                            && stated != null
                            && stated.origin().assumed()));
        }
        return rows;
    }

    private static ParetoPlot plot(List<UseCaseAdvice> useCases, String currency) {
        boolean priced = useCases.stream().anyMatch(one -> one.costs().now().signum() > 0);
        ToDoubleFunction<UseCaseAdvice> value = priced
                ? one -> one.costs().now().doubleValue()
                : one -> one.measures().calls();
        List<UseCaseAdvice> sorted = useCases.stream()
                .filter(one -> value.applyAsDouble(one) > 0)
                .sorted(Comparator.comparingDouble(value).reversed())
                .toList();
        List<ParetoPlot.Part> parts = new ArrayList<>();
        for (UseCaseAdvice one : sorted.subList(0, Math.min(BARS, sorted.size()))) {
            parts.add(part(one.name(), value.applyAsDouble(one), priced ? currency : ""));
        }
        if (sorted.size() > BARS) {
            parts.add(
                    part("others", sorted.stream().skip(BARS).mapToDouble(value).sum(), priced ? currency : ""));
        }
        return new ParetoPlot(priced ? "Spend of a month" : "Calls that were looked at", parts);
    }

    private static ParetoPlot.Part part(String name, double value, String currency) {
        return new ParetoPlot.Part(
                name,
                value,
                currency.isEmpty() ? Figures.number(value, 0) : Figures.money(BigDecimal.valueOf(value), currency));
    }

    /** What half of the draws and nine of ten are within; empty where none of these ever pays. */
    public static String intervals(BreakEven breakEven) {
        List<String> said = new ArrayList<>();
        if (breakEven.half().pays()) {
            said.add("half of the draws say " + within(breakEven.half()));
        }
        if (breakEven.ninety().pays()) {
            said.add("nine of ten " + within(breakEven.ninety()));
        }
        return String.join(", ", said);
    }

    private static String within(BreakEven.Band band) {
        return "%s to %s".formatted(BreakEven.shown(band.low()), BreakEven.shown(band.high()));
    }

    /** When it pays for itself, in a cell. */
    public static String paysAfter(UseCaseAdvice one) {
        if (one.live() != null) {
            return one.live().version();
        }
        return one.priced() && one.measures().perMonth() > 0
                ? BreakEven.shown(one.breakEven().months())
                : "–";
    }

    public static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }

    /** How a verdict is coloured. */
    public static String badge(Advice.Choice choice) {
        return switch (choice) {
            case POST_TRAIN, CLASSIC -> "good";
            case PROMPT -> "bad";
            case STAY, OWN, UNKNOWN -> "";
        };
    }

    /** Share of calls by declared use case, in words; empty where none is. */
    public static String declared(Map<String, Double> shares) {
        return String.join(
                ", ",
                shares.entrySet().stream()
                        .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                        .limit(3)
                        .map(share -> "%s %s".formatted(share.getKey(), percent(share.getValue())))
                        .toList());
    }

    /** Address of a trace. */
    public static String trace(Shell shell, UUID id) {
        return Objects.requireNonNull(shell.at("/traces/" + id));
    }
}
