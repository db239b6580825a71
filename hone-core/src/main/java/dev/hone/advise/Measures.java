package dev.hone.advise;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * What the calls of a use case came to, over those that were looked at.
 *
 * @param calls all of them, imported rows among them
 * @param failed that nobody answered
 * @param perMonth calls of a month, if all months are as what was seen; imported rows left out
 * @param counted of which tokens are known
 * @param promptTokens mean of these; null where there are none
 * @param answerTokens mean of these; null where there are none
 * @param priced of which the cost is known
 * @param spend of these, exact, by currency
 * @param median milliseconds to the end; null where nobody measured
 * @param p95 milliseconds of 95 of 100; null where nobody measured
 * @param feedback pieces of it
 * @param judged of which somebody said whether it was good
 * @param good of these
 * @param demonstrated to which somebody gave the right answer
 * @param outcomes of which a business event is known
 * @param model that answered most of them; null where nobody says
 */
public record Measures(
        long calls,
        long imported,
        long failed,
        double perMonth,
        long counted,
        @Nullable Double promptTokens,
        @Nullable Double answerTokens,
        long priced,
        Map<String, BigDecimal> spend,
        @Nullable Double median,
        @Nullable Double p95,
        long feedback,
        long judged,
        long good,
        long demonstrated,
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
        long counted = 0;
        double prompt = 0;
        double answer = 0;
        long priced = 0;
        Map<String, BigDecimal> spend = new TreeMap<>();
        Map<String, Integer> models = new HashMap<>();
        DoubleStream.Builder times = DoubleStream.builder();
        long feedback = 0;
        long judged = 0;
        long good = 0;
        long demonstrated = 0;
        long outcomes = 0;
        for (SampledCall call : calls) {
            SampledCall.Figures figures = call.figures();
            imported += figures.imported() ? 1 : 0;
            failed += figures.failed() ? 1 : 0;
            if (figures.promptTokens() != null && figures.completionTokens() != null) {
                counted++;
                prompt += figures.promptTokens();
                answer += figures.completionTokens();
            }
            if (figures.cost() != null) {
                priced++;
                spend.merge(figures.cost().currency(), figures.cost().amount(), BigDecimal::add);
            }
            Double time = figures.millis();
            if (time != null && Double.isFinite(time)) {
                times.add(time);
            }
            if (figures.model() != null) {
                models.merge(figures.model(), 1, Integer::sum);
            }
            SampledCall.Signal signal = call.signal();
            feedback += signal.given();
            judged += signal.good() == null ? 0 : 1;
            good += Boolean.TRUE.equals(signal.good()) ? 1 : 0;
            demonstrated += signal.demonstrated() ? 1 : 0;
            outcomes += signal.outcome() ? 1 : 0;
        }
        double[] millis = times.build().sorted().toArray();
        return new Measures(
                calls.size(),
                imported,
                failed,
                (calls.size() - imported) * weight * DAYS / Math.max(1, days),
                counted,
                counted == 0 ? null : Double.valueOf(prompt / counted),
                counted == 0 ? null : Double.valueOf(answer / counted),
                priced,
                spend,
                quantile(millis, 0.5),
                quantile(millis, 0.95),
                feedback,
                judged,
                good,
                demonstrated,
                outcomes,
                models.entrySet().stream()
                        .max(Map.Entry.<String, Integer>comparingByValue()
                                .thenComparing(Map.Entry.<String, Integer>comparingByKey()
                                        .reversed()))
                        .map(Map.Entry::getKey)
                        .orElse(null));
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
