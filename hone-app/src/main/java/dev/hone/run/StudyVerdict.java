package dev.hone.run;

import dev.hone.evaluate.Judged;
import dev.hone.evaluate.Question;
import dev.hone.evaluate.Report;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a {@link Study}'s question: do rewards, and learning what they found, add to demonstrations?
 *
 * @param question what it found against the same demonstrations again, at compute that is meant to be equal
 * @param experts the same against demonstrations of all rows; null before these are finished in every fold that counts
 * @param sentence both in words
 */
public record StudyVerdict(Question question, @Nullable Question experts, String sentence) {

    /**
     * @param judged everyone over all folds
     * @param comparisons of their report
     */
    static StudyVerdict of(List<Judged> judged, List<Report.Comparison> comparisons) {
        Judged found = Pooled.named(judged, Study.Arm.FOUND.contender());
        Question question = Question.of(found, Pooled.named(judged, Study.Arm.AGAIN.contender()), comparisons);
        Question experts = judged.stream()
                .filter(one -> one.contender().equals(Study.Arm.ALL.contender()))
                .map(all -> Question.of(found, all, comparisons))
                .findFirst()
                .orElse(null);
        return new StudyVerdict(question, experts, "%s %s".formatted(words(question), against(experts)));
    }

    private static String words(Question question) {
        String answer = switch (question.answer()) {
            case BETTER -> "Rewards add to demonstrations";
            case WORSE -> "Rewards cost quality";
            case NOT_SHOWN -> "That rewards add to demonstrations is not shown";
        };
        return "%s: %s.".formatted(answer, question.measured());
    }

    private static String against(@Nullable Question experts) {
        if (experts == null) {
            return "Demonstrations of all rows are not finished in every fold.";
        }
        String answer = switch (experts.answer()) {
            case BETTER -> "They are better than demonstrations of all rows";
            case WORSE -> "Demonstrations of all rows are better";
            case NOT_SHOWN -> "No difference from demonstrations of all rows is shown";
        };
        return "%s: %s.".formatted(answer, experts.measured());
    }
}
