package dev.hone.advise;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A use case that was found, with all that is said of it.
 *
 * @param name the declared one, or its most telling words
 * @param terms its most telling words
 * @param declared share of its calls that name each declared use case
 * @param examples traces of it
 * @param fixed share of what is sent that is the same in all calls
 * @param answers how many answers were looked at
 * @param distinct different ones among the short ones
 * @param closed whether they are of a closed set
 * @param rightAnswers to learn from
 * @param live a version of its own that is live; null for none
 * @param priced whether the price of a call is known
 * @param estimated whether nobody counted tokens
 */
public record UseCaseAdvice(
        String name,
        UseCaseFinder.Basis basis,
        List<String> terms,
        Map<String, Double> declared,
        List<UUID> examples,
        Measures measures,
        double fixed,
        int answers,
        int distinct,
        boolean closed,
        RightAnswers rightAnswers,
        @Nullable LiveModel live,
        boolean priced,
        boolean estimated,
        Scenario scenario,
        Costs costs,
        BreakEven breakEven,
        Advice advice) {
    public UseCaseAdvice {
        terms = List.copyOf(terms);
        declared = Map.copyOf(declared);
        examples = List.copyOf(examples);
    }
}
