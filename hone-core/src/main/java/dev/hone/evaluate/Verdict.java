package dev.hone.evaluate;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.DoublePredicate;
import org.jspecify.annotations.Nullable;

/**
 * What to do about a use case, by rule: post-train where the tuned model is shown to be better than the incumbent and, than the best classic contender, shown to be
 * better too, or at least not worse where that one is not shown to be better than the incumbent itself; classic where a classic one is shown to be better than the
 * incumbent otherwise, for it is cheaper; else stay. <em>Shown</em> is p below {@value #LEVEL}, two-sided, on the tasks that both answered.
 *
 * @param choice what to do
 * @param contender which one to take
 * @param sentence the verdict in words
 * @param a the contender whose quality would turn the verdict first: of the tests below, that with the least between quality and what is needed, of those that
 *     would turn it
 * @param b the one that it is compared with
 * @param rows that both answered
 * @param difference quality of a minus quality of b on these, with its 95 % interval
 * @param p as in the test
 * @param quality of a on these rows
 * @param needed the quality of a from which on the verdict is as it is, or would be another
 * @param tuned the contender that was trained, as it is served; null in reports that do not say
 * @param tests what the rule asked: of the tuned model against the incumbent and against the best classic contender, and of that against the incumbent; empty in
 *     reports that do not say
 * @param exceeded keys of the constraints that the contender to take does not keep
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
        double needed,
        @Nullable String tuned,
        List<Test> tests,
        List<String> exceeded) {
    static final double LEVEL = 0.05;

    private static final DoublePredicate BELOW_LEVEL = p -> p < LEVEL;

    /** Whose model to take. */
    public enum Choice {
        @JsonProperty("post-train")
        POST_TRAIN,
        @JsonProperty("classic")
        CLASSIC,
        @JsonProperty("stay")
        STAY
    }

    /** What a contender must be, against another. */
    public enum Mark {
        /** Shown to be better. For the tuned model p is uncorrected: to be better than the best is to be better than all (an intersection–union test, Berger 1982). */
        @JsonProperty("better")
        BETTER,
        /** Shown to be better, by p corrected for all classic contenders. */
        @JsonProperty("better-corrected")
        BETTER_CORRECTED,
        /** Right as often at least. */
        @JsonProperty("not-worse")
        NOT_WORSE
    }

    /**
     * One question of the rule.
     *
     * @param a who is asked about
     * @param b against whom
     * @param mark what a must be
     * @param passed whether it is
     * @param rows that both answered
     * @param difference quality of a minus quality of b on these, with its 95 % interval
     * @param p of the exact McNemar test; corrected where the mark says so
     * @param quality of a on these rows
     * @param needed the quality of a at and above which the test is passed ({@link Duel#needed}), by the mark's level; more than 1 where so few rows can show nothing
     */
    public record Test(
            String a,
            String b,
            Mark mark,
            boolean passed,
            int rows,
            Interval difference,
            double p,
            double quality,
            double needed) {
        private static Test better(Duel duel) {
            return of(duel, Mark.BETTER, duel.paired().p(), duel.shown(BELOW_LEVEL), duel.needed(BELOW_LEVEL));
        }

        private static Test notWorse(Duel duel) {
            return of(duel, Mark.NOT_WORSE, duel.paired().p(), duel.wins() >= duel.losses(), duel.otherQuality());
        }

        /** Of the best of several against one, corrected for all of them. */
        private static Test corrected(List<Duel> duels, int best) {
            double[] p = duels.stream().mapToDouble(duel -> duel.paired().p()).toArray();
            DoublePredicate taken = one -> {
                double[] changed = p.clone();
                changed[best] = one;
                return Holm.correct(changed)[best] < LEVEL;
            };
            Duel duel = duels.get(best);
            return of(duel, Mark.BETTER_CORRECTED, Holm.correct(p)[best], duel.shown(taken), duel.needed(taken));
        }

        private static Test of(Duel duel, Mark mark, double p, boolean passed, double needed) {
            return new Test(
                    duel.a(),
                    duel.b(),
                    mark,
                    passed,
                    duel.rows(),
                    duel.paired().difference(),
                    p,
                    duel.quality(),
                    needed);
        }

        /** What is missing to pass; 0 or less where it is passed. */
        private double missing() {
            return needed - quality;
        }

        private double distance() {
            return Math.abs(missing());
        }
    }

    public Verdict {
        // Reports of schema version 1 lack them.
        tests = List.copyOf(Objects.requireNonNullElse(tests, List.of()));
        exceeded = List.copyOf(Objects.requireNonNullElse(exceeded, List.of()));
    }

    /**
     * Decides.
     *
     * @param tuned with scores of 0 or 1, as all of them; whoever answered fewer answered the first of the same tasks
     * @param classics at least one, on all tasks of the tuned one; of equally good ones the first counts
     * @param seed of the intervals
     */
    public static Verdict of(Judged tuned, List<Judged> classics, Judged incumbent, long seed) {
        int best = best(classics);
        Duel tunedAndClassic = Duel.of(tuned, classics.get(best), seed);
        Test classic = Test.corrected(
                classics.stream().map(one -> Duel.of(one, incumbent, seed)).toList(), best);
        Test overIncumbent = Test.better(Duel.of(tuned, incumbent, seed));
        Test overClassic = classic.passed() ? Test.better(tunedAndClassic) : Test.notWorse(tunedAndClassic);
        boolean taken = overIncumbent.passed() && overClassic.passed();
        Choice choice = taken ? Choice.POST_TRAIN : classic.passed() ? Choice.CLASSIC : Choice.STAY;
        String contender = switch (choice) {
            case POST_TRAIN -> tuned.contender();
            case CLASSIC -> classics.get(best).contender();
            case STAY -> incumbent.contender();
        };
        List<Test> turning = new ArrayList<>();
        if (taken) {
            turning.add(overIncumbent);
            turning.add(overClassic);
        } else {
            turning.add(overIncumbent.missing() > overClassic.missing() ? overIncumbent : overClassic);
        }
        if (!taken || !classic.passed() && !outlasts(tunedAndClassic, classic)) {
            turning.add(classic);
        }
        Test nearest =
                turning.stream().min(Comparator.comparingDouble(Test::distance)).orElseThrow();
        return new Verdict(
                choice,
                contender,
                VerdictSentence.of(choice, contender, nearest, classics.size(), tuned, incumbent),
                nearest.a(),
                nearest.b(),
                nearest.rows(),
                nearest.difference(),
                nearest.p(),
                nearest.quality(),
                nearest.needed(),
                tuned.contender(),
                List.of(overIncumbent, overClassic, classic),
                List.of());
    }

    /** Whether the tuned model would still be shown to be better than the classic one, were that so good that it is shown to be better than the incumbent. */
    private static boolean outlasts(Duel tunedAndClassic, Test classic) {
        int more = (int) Math.ceil(classic.missing() * tunedAndClassic.rows() - 1e-9);
        return tunedAndClassic.shownWith(more, BELOW_LEVEL);
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

    /** The same, with what its contender does not keep of a use case's constraints: it is good enough, and still may not be what one can use. */
    public Verdict under(List<Report.Constraint> constraints) {
        List<Report.Constraint> faults = constraints.stream()
                .filter(one -> one.contender().equals(contender) && !one.met())
                .toList();
        return new Verdict(
                choice,
                contender,
                VerdictSentence.with(sentence, choice, contender, faults),
                a,
                b,
                rows,
                difference,
                p,
                quality,
                needed,
                tuned,
                tests,
                faults.stream().map(Report.Constraint::constraint).toList());
    }
}
