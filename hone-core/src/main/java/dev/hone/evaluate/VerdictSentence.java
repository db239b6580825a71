package dev.hone.evaluate;

import dev.hone.evaluate.Verdict.Choice;
import dev.hone.evaluate.Verdict.Test;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A {@link Verdict} in words: what to do, what was measured, the number that would change it, and on how few rows the incumbent was asked. */
final class VerdictSentence {
    private VerdictSentence() {}

    /**
     * @param nearest the test that would turn the verdict first
     * @param classics how many p was corrected for
     */
    static String of(Choice choice, String contender, Test nearest, int classics, Judged tuned, Judged incumbent) {
        String corrected = nearest.mark() == Verdict.Mark.BETTER_CORRECTED && classics > 1
                ? ", corrected for %d classic contenders".formatted(classics)
                : "";
        return "%s: %s; %s.%s"
                .formatted(
                        decision(choice, contender),
                        measured(nearest, corrected),
                        change(nearest, corrected),
                        few(tuned, incumbent));
    }

    /** With what the contender to take does not keep, right behind what to do. */
    static String with(String sentence, Choice choice, String contender, List<Report.Constraint> faults) {
        if (faults.isEmpty()) {
            return sentence;
        }
        String decision = decision(choice, contender);
        return "%s, which %s%s"
                .formatted(
                        decision,
                        faults.stream().map(Report.Constraint::fault).collect(Collectors.joining(" and ")),
                        sentence.substring(decision.length()));
    }

    private static String decision(Choice choice, String contender) {
        return switch (choice) {
            case POST_TRAIN -> "Take the post-trained model";
            case CLASSIC -> "Use the cheaper classic model [%s]".formatted(contender);
            case STAY -> "Stay with what you have";
        };
    }

    private static String measured(Test test, String corrected) {
        return String.format(
                Locale.ROOT,
                "%s minus %s is %+.1f points (%+.1f to %+.1f; p = %.2g%s; %d rows)",
                test.a(),
                test.b(),
                100 * test.difference().value(),
                100 * test.difference().low(),
                100 * test.difference().high(),
                test.p(),
                corrected,
                test.rows());
    }

    private static String change(Test test, String corrected) {
        if (test.needed() > 1) {
            return "so few rows cannot show it to be better";
        }
        return String.format(
                Locale.ROOT,
                "being right on %.1f %% of them, not %.1f %%, %s (%s)",
                100 * test.needed(),
                100 * test.quality(),
                test.passed() ? "was enough" : "would change that",
                test.mark() == Verdict.Mark.NOT_WORSE
                        ? "no worse than " + test.b()
                        : "p < " + Verdict.LEVEL + corrected);
    }

    private static String few(Judged tuned, Judged incumbent) {
        int asked = incumbent.tasks().size();
        int all = tuned.tasks().size();
        return asked < all
                ? " What you have, %s, answered %d of %d rows.".formatted(incumbent.contender(), asked, all)
                : "";
    }
}
