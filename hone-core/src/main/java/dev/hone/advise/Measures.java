package dev.hone.advise;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * What the calls of a use case came to, over those that were looked at. Costs, times, models, feedback and judgments are of the general model: of calls
 * that models of one's own answered they are another thing ({@link LiveModel}).
 *
 * @param calls all of them, imported rows among them
 * @param failed that nobody answered
 * @param own that models of one's own answered
 * @param perMonth calls of a month, if all months are as what was seen; imported rows left out
 * @param counted of which tokens are known; the general model's, or where it answered none, all
 * @param promptTokens mean of these; null where there are none
 * @param answerTokens mean of these; null where there are none
 * @param free of which the cost is 0: they say nothing of what a call costs
 * @param priced of which the cost is known, and more
 * @param spend of these, exact, by currency
 * @param median milliseconds to the end; null where nobody measured
 * @param p95 milliseconds of 95 of 100; null where nobody measured
 * @param feedback pieces of it
 * @param judged of which somebody said whether it was good
 * @param good of these
 * @param demonstrated to which an expert gave the right answer, whoever answered
 * @param cameWith of imported rows, whose right answer came with them
 * @param outcomes of which a business event is known
 * @param model that answered most of them; null where nobody says
 */
public record Measures(
        long calls,
        long imported,
        long failed,
        long own,
        double perMonth,
        long counted,
        @Nullable Double promptTokens,
        @Nullable Double answerTokens,
        long free,
        long priced,
        Map<String, BigDecimal> spend,
        @Nullable Double median,
        @Nullable Double p95,
        long feedback,
        long judged,
        long good,
        long demonstrated,
        long cameWith,
        long outcomes,
        @Nullable String model) {
    static final int LEAST_JUDGED = 20;

    /** Of a month, as {@link Costs#HOURS}. */
    private static final double DAYS = 365.0 / 12;

    public Measures {
        spend = Map.copyOf(spend);
    }

    /**
     * Sums them up.
     *
     * @param weight how many calls of the store each of them stands for
     * @param days that they are from
     */
    static Measures of(List<SampledCall> calls, double weight, double days) {
        long imported = 0;
        long failed = 0;
        long own = 0;
        Tokens general = new Tokens();
        Tokens all = new Tokens();
        long free = 0;
        long priced = 0;
        Map<String, BigDecimal> spend = new TreeMap<>();
        Map<String, Integer> models = new HashMap<>();
        DoubleStream.Builder times = DoubleStream.builder();
        long feedback = 0;
        long judged = 0;
        long good = 0;
        long demonstrated = 0;
        long cameWith = 0;
        long outcomes = 0;
        for (SampledCall call : calls) {
            SampledCall.Figures figures = call.figures();
            imported += figures.imported() ? 1 : 0;
            failed += figures.failed() ? 1 : 0;
            SampledCall.Signal signal = call.signal();
            demonstrated += signal.demonstrated() ? 1 : 0;
            cameWith += signal.cameWith() ? 1 : 0;
            all.add(figures);
            if (figures.own() != null) {
                own++;
                continue;
            }
            general.add(figures);
            if (figures.cost() != null) {
                boolean costs = figures.cost().amount().signum() > 0;
                free += costs ? 0 : 1;
                priced += costs ? 1 : 0;
                if (costs) {
                    spend.merge(figures.cost().currency(), figures.cost().amount(), BigDecimal::add);
                }
            }
            Double time = figures.millis();
            if (time != null && Double.isFinite(time)) {
                times.add(time);
            }
            if (figures.model() != null) {
                models.merge(figures.model(), 1, Integer::sum);
            }
            feedback += signal.given();
            judged += signal.good() == null ? 0 : 1;
            good += Boolean.TRUE.equals(signal.good()) ? 1 : 0;
            outcomes += signal.outcome() ? 1 : 0;
        }
        double[] millis = times.build().sorted().toArray();
        Tokens tokens = general.calls == 0 ? all : general;
        return new Measures(
                calls.size(),
                imported,
                failed,
                own,
                (calls.size() - imported) * weight * DAYS / Math.max(1, days),
                tokens.calls,
                tokens.calls == 0 ? null : Double.valueOf(tokens.prompt / tokens.calls),
                tokens.calls == 0 ? null : Double.valueOf(tokens.answer / tokens.calls),
                free,
                priced,
                spend,
                quantile(millis, 0.5),
                quantile(millis, 0.95),
                feedback,
                judged,
                good,
                demonstrated,
                cameWith,
                outcomes,
                models.entrySet().stream()
                        .max(Map.Entry.<String, Integer>comparingByValue()
                                .thenComparing(Map.Entry.<String, Integer>comparingByKey()
                                        .reversed()))
                        .map(Map.Entry::getKey)
                        .orElse(null));
    }

    /** Sums of calls of which they are known. */
    private static final class Tokens {
        private long calls;
        private double prompt;
        private double answer;

        void add(SampledCall.Figures figures) {
            if (figures.promptTokens() != null && figures.completionTokens() != null) {
                calls++;
                prompt += figures.promptTokens();
                answer += figures.completionTokens();
            }
        }
    }

    private static @Nullable Double quantile(double[] sorted, double share) {
        return sorted.length == 0
                ? null
                : Double.valueOf(sorted[(int) Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)]);
    }

    /** How many calls have been judged good, as a share; null where fewer than {@value #LEAST_JUDGED} were judged. */
    public @Nullable Double goodShare() {
        return judged < LEAST_JUDGED ? null : Double.valueOf((double) good / judged);
    }
}
