package dev.hone.record;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How probable an answer was to the model of Hone's own that gave it, under what its tokens were drawn from: after temperature and constraint. Made by the
 * server of the model, which tells it beside the answer to the gateway alone; kept with the attempt; read by who watches.
 *
 * @param sum natural logarithm of the probability of the answer as a whole, at most 0
 * @param tokens of the answer, the end token included
 */
public record AnswerLogprob(double sum, int tokens) {
    /** Who sends this header is told: by a header of the same name, or after a stream by a trailer. */
    public static final String FIELD = "x-hone-logprob";

    private static final Pattern TEXT =
            Pattern.compile("(-?[0-9]{1,20}(?:\\.[0-9]{1,40})?(?:E-?[0-9]{1,3})?);tokens=([1-9][0-9]{0,8})");

    public AnswerLogprob {
        if (!(sum <= 0 && sum > Double.NEGATIVE_INFINITY) || tokens < 1) {
            throw new IllegalArgumentException(
                    "No answer of [%d] tokens has a log-probability of [%s]: it is 0 or less, of one token or more"
                            .formatted(tokens, sum));
        }
    }

    /** Of an answer's tokens; empty where it has none. */
    public static Optional<AnswerLogprob> of(Sample answer) {
        // Adding 0 makes a negative zero none.
        double sum = Math.min(0, answer.logprob()) + 0.0;
        return answer.tokens().length == 0 || !Double.isFinite(sum)
                ? Optional.empty()
                : Optional.of(new AnswerLogprob(sum, answer.tokens().length));
    }

    /** What {@link #text} wrote; empty for anything else. */
    public static Optional<AnswerLogprob> parse(@Nullable String text) {
        Matcher matcher = TEXT.matcher(text == null ? "" : text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        double sum = Double.parseDouble(matcher.group(1));
        return sum <= 0 && Double.isFinite(sum)
                ? Optional.of(new AnswerLogprob(sum, Integer.parseInt(matcher.group(2))))
                : Optional.empty();
    }

    /** As a header's value. */
    public String text() {
        return sum + ";tokens=" + tokens;
    }

    /** Probability of the answer as a whole. */
    public double whole() {
        return Math.exp(sum);
    }

    /** Geometric mean of the probabilities of its tokens. */
    public double perToken() {
        return Math.exp(sum / tokens);
    }
}
