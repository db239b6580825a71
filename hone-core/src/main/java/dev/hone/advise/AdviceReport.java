package dev.hone.advise;

import dev.hone.advise.Prices.Model;
import dev.hone.advise.Prices.Stated;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is to be said of all use cases of a project. Kept as JSON; it has words and identifiers of traces, and no texts of calls.
 *
 * @param at when it was made
 * @param days that were asked for
 * @param observed days that calls were seen in
 * @param calls that there are in these days
 * @param lookedAt how many of them, drawn by chance, were looked at
 * @param embedding what told texts apart that nothing else did
 * @param rest calls that were looked at, and belong to nothing that was found
 * @param powerLaw null where there are too few use cases
 * @param inputs what was reckoned with, and where it is from
 * @param notes what there is to say of it
 */
public record AdviceReport(
        int schemaVersion,
        String project,
        Instant at,
        int days,
        double observed,
        long calls,
        long lookedAt,
        String embedding,
        String currency,
        boolean alwaysOn,
        List<UseCaseAdvice> useCases,
        long rest,
        @Nullable PowerLaw powerLaw,
        Map<Input, Stated> inputs,
        List<String> notes) {
    /** Raised when a field changes its meaning; new fields do not raise it. */
    public static final int SCHEMA_VERSION = 2;

    private static final int TERMS = 5;
    private static final int NAMED = 3;
    private static final double MOSTLY = 0.8;
    private static final int TOKEN = 4;
    private static final long SEED = 7;

    public AdviceReport {
        useCases = List.copyOf(useCases);
        notes = List.copyOf(notes);
    }

    /**
     * What was read.
     *
     * @param rightAnswers by declared use case
     * @param evaluations the newest with a verdict, by declared use case
     * @param measured what evaluations measured of a declared use case's own model
     * @param live versions of one's own, by declared use case
     * @param price of a call, where traces and prices of models do not say it; null for none
     */
    public record Facts(
            String project,
            Instant at,
            int days,
            double observed,
            long calls,
            long lookedAt,
            String embedding,
            Map<String, RightAnswers> rightAnswers,
            Map<String, Evaluated> evaluations,
            Map<String, Map<Input, BigDecimal>> measured,
            Map<String, LiveModel.Pointed> live,
            @Nullable BigDecimal price) {
        double weight() {
            return lookedAt == 0 ? 1 : (double) calls / lookedAt;
        }
    }

    /** Says it. */
    public static AdviceReport of(UseCaseFinder.Result found, Facts facts, Prices prices) {
        List<List<String>> terms = Terms.of(
                found.useCases().stream()
                        .map(one -> new Terms.Group(
                                one.calls().stream()
                                        .map(call -> call.said().user())
                                        .toList(),
                                one.template()))
                        .toList(),
                TERMS);
        List<UseCaseAdvice> useCases = new ArrayList<>();
        Map<String, Integer> declared = new TreeMap<>();
        for (UseCaseFinder.Found one : found.useCases()) {
            String name = declared(one);
            if (name != null) {
                declared.merge(name, 1, Integer::sum);
            }
        }
        Map<String, Integer> names = new HashMap<>();
        for (int i = 0; i < found.useCases().size(); i++) {
            UseCaseFinder.Found one = found.useCases().get(i);
            String whole = declared(one);
            String own = whole != null && declared.getOrDefault(whole, 0) == 1 ? whole : null;
            String name = own != null ? own : named(whole, terms.get(i), i);
            int again = names.merge(name, 1, Integer::sum);
            LiveModel.Pointed live = whole == null ? null : facts.live().get(whole);
            useCases.add(advice(
                    one,
                    again == 1 ? name : name + "-" + again,
                    own,
                    live == null ? null : LiveModel.of(live, one.calls()),
                    terms.get(i),
                    facts,
                    prices));
        }
        return new AdviceReport(
                SCHEMA_VERSION,
                facts.project(),
                facts.at(),
                facts.days(),
                facts.observed(),
                facts.calls(),
                facts.lookedAt(),
                facts.embedding(),
                prices.currency(),
                prices.alwaysOn(),
                useCases,
                found.rest().size(),
                PowerLaw.of(useCases.stream()
                        .map(one -> (double) one.measures().calls())
                        .toList()),
                prices.inputs(),
                notes(useCases, found.rest().size(), declared, facts, prices));
    }

    private static List<String> notes(
            List<UseCaseAdvice> useCases, int rest, Map<String, Integer> declared, Facts facts, Prices prices) {
        List<String> notes = new ArrayList<>();
        if (facts.calls() == 0) {
            notes.add(
                    "There are no traces of the last %d days: send calls through hone serve, or hone import a file of them"
                            .formatted(facts.days()));
            return notes;
        }
        if (facts.lookedAt() < facts.calls()) {
            notes.add("%,d of %,d traces were looked at, drawn by chance; figures of a month are scaled up"
                    .formatted(facts.lookedAt(), facts.calls()));
        }
        if (useCases.isEmpty()) {
            notes.add("No use case was found: no group has enough calls (--min-calls)");
        } else if (useCases.size() == 1) {
            notes.add("There is one use case: nothing to compare it with, and no power law");
        }
        declared.forEach((name, jobs) -> {
            if (jobs > 1) {
                notes.add("The declared use case [%s] is %d jobs here: each could have a charter of its own"
                        .formatted(name, jobs));
            }
        });
        if (rest > 0) {
            notes.add("%,d traces belong to none that is large enough, or say nothing any more".formatted(rest));
        }
        long unpriced = useCases.stream().filter(one -> !one.priced()).count();
        if (unpriced > 0) {
            notes.add(
                    "Of %d of %d use cases nobody knows what a call costs: write [prices] in hone.yaml, or give --prices or --price"
                            .formatted(unpriced, useCases.size()));
        }
        useCases.stream()
                .flatMap(one -> one.measures().spend().keySet().stream())
                .filter(currency -> !currency.equals(prices.currency()))
                .distinct()
                .sorted()
                .forEach(currency ->
                        notes.add("Calls cost [%s], and prices are in [%s]: give --prices in the same currency"
                                .formatted(currency, prices.currency())));
        long assumed = prices.inputs().values().stream()
                .filter(stated -> stated.value() != null && stated.origin().assumed())
                .count();
        if (assumed > 0) {
            notes.add("%d inputs are assumed, and marked so: replace them by --prices".formatted(assumed));
        }
        return notes;
    }

    private static @Nullable String declared(UseCaseFinder.Found found) {
        return UseCaseFinder.declared(found.calls()).entrySet().stream()
                .filter(share -> share.getValue() >= MOSTLY)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }

    /** By its words, behind the declared use case of which it is a part. */
    private static String named(@Nullable String part, List<String> terms, int number) {
        String words = terms.isEmpty()
                ? "use-case-" + (number + 1)
                : String.join("-", terms.subList(0, Math.min(NAMED, terms.size())));
        return part == null ? words : part + "-" + words;
    }

    /** @param declared the use case that it is the whole of; null for none */
    private static UseCaseAdvice advice(
            UseCaseFinder.Found found,
            String name,
            @Nullable String declared,
            @Nullable LiveModel live,
            List<String> terms,
            Facts facts,
            Prices prices) {
        Measures measures = Measures.of(found.calls(), facts.weight(), facts.observed());
        Closed closed = Closed.of(found.calls().stream()
                .filter(call -> call.figures().own() == null)
                .toList());
        RightAnswers rightAnswers = new RightAnswers(
                        Math.round(measures.demonstrated() * facts.weight()),
                        Math.round(measures.cameWith() * facts.weight()))
                .atLeast(
                        declared == null
                                ? RightAnswers.NONE
                                : facts.rightAnswers().getOrDefault(declared, RightAnswers.NONE));
        BigDecimal price = price(measures, facts, prices);
        EnumMap<Input, BigDecimal> traced = new EnumMap<>(Input.class);
        traced.put(Input.CALLS, BigDecimal.valueOf(Math.round(measures.perMonth())));
        traced.put(Input.PRICE, price == null ? BigDecimal.ZERO : price);
        traced.put(Input.PROMPT_TOKENS, BigDecimal.valueOf(prompt(found, measures)));
        traced.put(Input.ANSWER_TOKENS, BigDecimal.valueOf(answer(found, measures)));
        traced.put(Input.ROWS_THERE, BigDecimal.valueOf(rightAnswers.all()));
        if (declared != null) {
            traced.putAll(facts.measured().getOrDefault(declared, Map.of()));
        }
        Scenario scenario = prices.scenario(traced);
        BreakEven breakEven = BreakEven.of(scenario, prices.spreads(), BreakEven.DRAWS, SEED);
        Advice advice = Adviser.of(new Known(
                measures,
                live,
                closed,
                rightAnswers,
                found.fixed(),
                measures.counted() == 0,
                price != null,
                prices.currency(),
                scenario,
                breakEven,
                declared == null ? null : facts.evaluations().get(declared)));
        return new UseCaseAdvice(
                name,
                found.basis(),
                terms,
                UseCaseFinder.declared(found.calls()),
                examples(found.calls()),
                measures,
                found.fixed(),
                closed.answers(),
                closed.distinct(),
                closed.isClosed(),
                rightAnswers,
                live,
                price != null,
                measures.counted() == 0,
                scenario,
                Costs.of(scenario),
                breakEven,
                advice);
    }

    private static List<UUID> examples(List<SampledCall> calls) {
        return List.of(0, calls.size() / 2, calls.size() - 1).stream()
                .distinct()
                .map(place -> calls.get(place).id())
                .toList();
    }

    /** What calls cost that have a cost; else by tokens and the price of their model; else what somebody says; null where nobody does. */
    private static @Nullable BigDecimal price(Measures measures, Facts facts, Prices prices) {
        BigDecimal spend = measures.spend().get(prices.currency());
        if (spend != null && measures.spend().size() == 1) {
            return spend.divide(BigDecimal.valueOf(measures.priced()), MathContext.DECIMAL64);
        }
        Model model =
                measures.model() == null ? null : prices.model(measures.model()).orElse(null);
        Double prompt = measures.promptTokens();
        Double answer = measures.answerTokens();
        if (measures.spend().isEmpty() && model != null && prompt != null && answer != null) {
            return Prices.call(model, whole(prompt), whole(answer));
        }
        return facts.price();
    }

    private static BigDecimal whole(double tokens) {
        return BigDecimal.valueOf(tokens).setScale(0, RoundingMode.HALF_UP);
    }

    /** What is left of a prompt without what is the same in all. */
    private static long prompt(UseCaseFinder.Found found, Measures measures) {
        Double counted = measures.promptTokens();
        double whole = counted != null
                ? counted
                : found.calls().stream()
                                .mapToLong(call -> call.said().characters())
                                .average()
                                .orElse(0)
                        / TOKEN;
        return Math.max(1, Math.round(whole * (1 - found.fixed())));
    }

    private static long answer(UseCaseFinder.Found found, Measures measures) {
        Double counted = measures.answerTokens();
        double whole = counted != null
                ? counted
                : found.calls().stream()
                                .mapToInt(call -> call.said().reply().text().length())
                                .average()
                                .orElse(0)
                        / TOKEN;
        return Math.max(1, Math.round(whole));
    }

    /** What most is spent on first; where nothing is known of that, what is called most. */
    public List<UseCaseAdvice> bySpend() {
        return useCases.stream()
                .sorted(Comparator.comparing((UseCaseAdvice one) -> one.costs().now())
                        .reversed()
                        .thenComparing(one -> -one.measures().calls()))
                .toList();
    }
}
