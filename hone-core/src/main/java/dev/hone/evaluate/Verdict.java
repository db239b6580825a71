package dev.hone.evaluate;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What to do about a use case, by rule: post-train where the tuned model is shown to be better than the best classic contender
 * and than the incumbent; classic where a classic one is shown to be better than the incumbent, and the tuned one is not shown to
 * be better than it, for it is cheaper; else stay. <em>Shown</em> is p below {@value #LEVEL}, two-sided, on the tasks that both
 * answered.
 *
 * @param choice what to do
 * @param contender which one to take
 * @param sentence the verdict in words
 * @param a the contender whose quality decides
 * @param b the one that it is compared with
 * @param rows that both answered
 * @param difference quality of a minus quality of b on these, with its 95 % interval
 * @param p of the exact McNemar test. Uncorrected where a is the tuned model: it must be better than the best, so than all (an
 *     intersection–union test, Berger 1982)
 * @param quality of a on these rows
 * @param needed the quality of a at and above which the verdict is, or would be, for a: with as many rows that exactly one of
 *     both has right as now, or as many as if both were as good as b and erred independently, where that is fewer
 */
public record Verdict(
        Choice choice,
        String contender,
        String sentence,
        String a,
        String b,
        int rows,
        Interval difference,
        double p,
        double quality,
        double needed) {
    static final double LEVEL = 0.05;

    /** Whose model to take. */
    public enum Choice {
        @JsonProperty("post-train")
        POST_TRAIN,
        @JsonProperty("classic")
        CLASSIC,
        @JsonProperty("stay")
        STAY
    }

    /** One contender against another on the tasks that both answered. */
    private record Duel(String a, String b, double[] scoresA, double[] scoresB, PairedComparison paired) {
        static Duel of(Judged a, Judged b, long seed) {
            Judged.Pair pair = Judged.Pair.of(a, b);
            return new Duel(
                    a.contender(), b.contender(), pair.a(), pair.b(), PairedComparison.of(pair.a(), pair.b(), seed));
        }

        boolean shown(double p) {
            return paired.difference().value() > 0 && p < LEVEL;
        }

        boolean shown() {
            return shown(paired.p());
        }

        double quality() {
            return Arrays.stream(scoresA).average().orElseThrow();
        }

        double needed() {
            int discordant = 0;
            for (int i = 0; i < scoresA.length; i++) {
                discordant += scoresA[i] == scoresB[i] ? 0 : 1;
            }
            double other = Arrays.stream(scoresB).average().orElseThrow();
            int independent = (int) Math.round(2 * other * (1 - other) * scoresA.length);
            return other + (double) lead(Math.min(discordant, independent)) / scoresA.length;
        }
    }

    /**
     * Decides.
     *
     * @param tuned with scores of 0 or 1, as all of them; whoever answered fewer answered the first of the same tasks
     * @param classics at least one; of equally good ones the first counts
     * @param seed of the intervals
     */
    public static Verdict of(Judged tuned, List<Judged> classics, Judged incumbent, long seed) {
        int best = best(classics);
        List<Duel> classicDuels = classics.stream()
                .map(classic -> Duel.of(classic, incumbent, seed))
                .toList();
        double[] corrected = Holm.correct(
                classicDuels.stream().mapToDouble(duel -> duel.paired().p()).toArray());
        boolean classicShown = classicDuels.get(best).shown(corrected[best]);
        Duel tunedAndIncumbent = Duel.of(tuned, incumbent, seed);
        Duel tunedAndClassic = Duel.of(tuned, classics.get(best), seed);
        if (tunedAndIncumbent.shown() && tunedAndClassic.shown()) {
            return verdict(Choice.POST_TRAIN, tuned.contender(), tunedAndClassic);
        }
        if (tunedAndIncumbent.shown() && !classicShown) {
            return verdict(Choice.POST_TRAIN, tuned.contender(), tunedAndIncumbent);
        }
        if (classicShown) {
            return verdict(Choice.CLASSIC, classics.get(best).contender(), tunedAndClassic);
        }
        Duel nearer = tunedAndIncumbent.quality() > classicDuels.get(best).quality()
                ? tunedAndIncumbent
                : classicDuels.get(best);
        return verdict(Choice.STAY, incumbent.contender(), nearer);
    }

    private static int best(List<Judged> classics) {
        int best = 0;
        double most = -1;
        for (int i = 0; i < classics.size(); i++) {
            double right = Arrays.stream(classics.get(i).right()).sum();
            if (right > most) {
                most = right;
                best = i;
            }
        }
        return best;
    }

    private static Verdict verdict(Choice choice, String contender, Duel duel) {
        Interval difference = duel.paired().difference();
        String decision = switch (choice) {
            case POST_TRAIN -> "Take the post-trained model";
            case CLASSIC -> "Use the cheaper classic model [%s]".formatted(contender);
            case STAY -> "Stay with what you have";
        };
        String measured = String.format(
                Locale.ROOT,
                "%s minus %s is %+.1f points (%+.1f to %+.1f; p = %.2g; %d rows)",
                duel.a(),
                duel.b(),
                100 * difference.value(),
                100 * difference.low(),
                100 * difference.high(),
                duel.paired().p(),
                duel.scoresA().length);
        double needed = duel.needed();
        String change = needed > 1
                ? "so few rows cannot show it to be better"
                : String.format(
                        Locale.ROOT,
                        "being right on %.1f %% of them, not %.1f %%, %s (p < %s)",
                        100 * needed,
                        100 * duel.quality(),
                        choice == Choice.POST_TRAIN ? "was enough" : "would change that",
                        LEVEL);
        return new Verdict(
                choice,
                contender,
                decision + ": " + measured + "; " + change + ".",
                duel.a(),
                duel.b(),
                duel.scoresA().length,
                difference,
                duel.paired().p(),
                duel.quality(),
                needed);
    }

    /**
     * By how many rows one must win more than it loses, of those that exactly one has right, for McNemar's test to show it; of
     * more than there are, where so few can show nothing.
     */
    static int lead(int discordant) {
        for (int rows = discordant; ; rows++) {
            for (int wins = rows / 2; wins <= rows; wins++) {
                if (wins * 2 > rows && PairedComparison.mcNemar(wins, rows - wins) < LEVEL) {
                    return 2 * wins - rows;
                }
            }
        }
    }
}
