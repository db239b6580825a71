package dev.hone.evaluate;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Whether a contender is better than another, asked before anything was measured, and answered by a report. <em>Shown</em> is p below {@value #LEVEL},
 * two-sided, after correction for all comparisons of that report.
 *
 * @param a whom it is about
 * @param b the one that it is compared with
 * @param rows that both answered
 * @param wins rows that a alone has right
 * @param losses rows that b alone has right
 * @param difference quality of a minus quality of b, with its 95 % interval
 * @param p of the exact McNemar test, not corrected
 * @param pHolm the same, corrected
 * @param answer what is shown
 * @param quality of a on these rows
 * @param needed the quality at and above which a is shown to be better, with as many rows that exactly one of both has right as now; more than 1 where so
 *     few rows cannot show it
 */
public record Question(
        String a,
        String b,
        int rows,
        int wins,
        int losses,
        Interval difference,
        double p,
        double pHolm,
        Answer answer,
        double quality,
        double needed) {
    static final double LEVEL = 0.05;

    /** What is shown of a. */
    public enum Answer {
        @JsonProperty("better")
        BETTER,
        @JsonProperty("worse")
        WORSE,
        @JsonProperty("not-shown")
        NOT_SHOWN
    }

    /**
     * Answers.
     *
     * @param comparisons of the report, a minus b among them
     */
    public static Question of(Judged a, Judged b, List<Report.Comparison> comparisons) {
        Report.Comparison asked = comparisons.stream()
                .filter(one -> one.a().equals(a.contender()) && one.b().equals(b.contender()))
                .findFirst()
                .orElseThrow();
        Judged.Pair pair = Judged.Pair.of(a, b);
        int wins = 0;
        int losses = 0;
        double right = 0;
        for (int i = 0; i < pair.a().length; i++) {
            wins += pair.a()[i] > pair.b()[i] ? 1 : 0;
            losses += pair.a()[i] < pair.b()[i] ? 1 : 0;
            right += pair.a()[i];
        }
        int rows = pair.a().length;
        List<Double> others = new ArrayList<>();
        comparisons.stream().filter(one -> one != asked).forEach(one -> others.add(one.p()));
        double other = (right - wins + losses) / rows;
        return new Question(
                a.contender(),
                b.contender(),
                rows,
                wins,
                losses,
                new Interval(asked.difference(), asked.low(), asked.high()),
                asked.p(),
                asked.pHolm(),
                asked.pHolm() >= LEVEL ? Answer.NOT_SHOWN : wins > losses ? Answer.BETTER : Answer.WORSE,
                right / rows,
                other + (double) lead(wins + losses, others) / rows);
    }

    /**
     * How many more rows a must have right than b to be shown to be better.
     *
     * @param discordant rows that exactly one of both has right
     * @param others p of the report's other comparisons
     */
    private static int lead(int discordant, List<Double> others) {
        for (int lead = 1; ; lead++) {
            int differing = Math.max(lead, discordant);
            differing += (differing - lead) % 2;
            int wins = (differing + lead) / 2;
            if (corrected(PairedComparison.mcNemar(wins, differing - wins), others) < LEVEL) {
                return lead;
            }
        }
    }

    private static double corrected(double p, List<Double> others) {
        double[] all = new double[others.size() + 1];
        all[0] = p;
        for (int i = 0; i < others.size(); i++) {
            all[i + 1] = others.get(i);
        }
        return Holm.correct(all)[0];
    }

    /** The measurement in words, with the number that would change what it shows. */
    public String measured() {
        String change = needed > 1
                ? "so few rows cannot show it to be better"
                : String.format(
                        Locale.ROOT,
                        "right on %.1f %% of them, it is shown to be better from %.1f %% on (corrected p < %s)",
                        100 * quality,
                        100 * needed,
                        LEVEL);
        return String.format(
                Locale.ROOT,
                "%s minus %s is %+.1f points (%+.1f to %+.1f; p = %.2g, corrected %.2g; %d rows); %s",
                a,
                b,
                100 * difference.value(),
                100 * difference.low(),
                100 * difference.high(),
                p,
                pHolm,
                rows,
                change);
    }
}
