package dev.hone.web.site;

import dev.hone.capture.feedback.FeedbackRules;
import dev.hone.capture.feedback.FeedbackRules.Direction;
import dev.hone.record.Feedback;
import dev.hone.store.TimeHistogram;
import dev.hone.store.Usage;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What calls came to, copies for shadows left out.
 *
 * @param name the use case, or server and model, that all of them took; empty for all
 * @param errors that a server refused, or broke off
 * @param unpriced that were answered, and whose cost is not known
 * @param spend by currency; never summed over several
 * @param shadowSpend of the copies
 * @param times to the end of an answer
 */
public record Tally(
        String name,
        long calls,
        long errors,
        long promptTokens,
        long completionTokens,
        long unpriced,
        Map<String, BigDecimal> spend,
        Map<String, BigDecimal> shadowSpend,
        TimeHistogram times,
        List<Usage.Judged> judged) {
    public Tally {
        spend = Map.copyOf(spend);
        shadowSpend = Map.copyOf(shadowSpend);
        judged = List.copyOf(judged);
    }

    /** Of all lines together. */
    static Tally of(List<Usage.Line> lines) {
        return of("", lines);
    }

    /** One for each use case, or server and model. */
    static List<Tally> byName(List<Usage.Line> lines) {
        Map<String, List<Usage.Line>> byName = new TreeMap<>();
        lines.forEach(line -> byName.computeIfAbsent(String.valueOf(line.key().route()), name -> new ArrayList<>())
                .add(line));
        return byName.entrySet().stream()
                .map(entry -> of(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static Tally of(String name, List<Usage.Line> lines) {
        long calls = 0;
        long errors = 0;
        long promptTokens = 0;
        long completionTokens = 0;
        long unpriced = 0;
        Map<String, BigDecimal> spend = new TreeMap<>();
        Map<String, BigDecimal> shadowSpend = new TreeMap<>();
        TimeHistogram times = TimeHistogram.EMPTY;
        List<Usage.Judged> judged = new ArrayList<>();
        for (Usage.Line line : lines) {
            Map<String, BigDecimal> paid = line.key().shadow() ? shadowSpend : spend;
            line.spend().forEach((currency, amount) -> paid.merge(currency, amount, BigDecimal::add));
            if (!line.key().shadow()) {
                Usage.Sums sums = line.sums();
                unpriced += Math.max(0, sums.calls() - sums.refused() - sums.priced());
                calls += line.sums().calls();
                errors += line.sums().errors();
                promptTokens += line.sums().promptTokens();
                completionTokens += line.sums().completionTokens();
                times = times.plus(line.whole());
                judged.addAll(line.judged());
            }
        }
        return new Tally(
                name, calls, errors, promptTokens, completionTokens, unpriced, spend, shadowSpend, times, judged);
    }

    /** Whether it is a use case: the others name a server and its model. */
    public boolean isUseCase() {
        return !name.contains("/");
    }

    public @Nullable Double median() {
        return quantile(0.5);
    }

    public @Nullable Double p95() {
        return quantile(0.95);
    }

    private @Nullable Double quantile(double share) {
        OptionalDouble time = times.quantile(share);
        return time.isPresent() ? time.getAsDouble() : null;
    }

    /** How much feedback there is, right answers that were handed in left out. */
    public long given() {
        return judged.stream()
                .filter(one -> !one.kind().equals(Feedback.Kind.DEMONSTRATION.word()))
                .mapToLong(Usage.Judged::given)
                .sum();
    }

    /** How many of the booleans say that it was good, by what the use case declares of each, in percent; a dash where none does. */
    String good(FeedbackRules rules) {
        long good = 0;
        long of = 0;
        for (Usage.Judged one : judged) {
            Direction better = one.kind().equals(Feedback.Kind.BOOLEAN.word()) ? rules.better(one.name()) : null;
            if (better != null) {
                long yes = one.score().longValue();
                good += better == Direction.HIGHER ? yes : one.given() - yes;
                of += one.given();
            }
        }
        return Figures.share(good, of);
    }
}
