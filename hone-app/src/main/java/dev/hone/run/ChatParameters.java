package dev.hone.run;

import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * How an OpenAI-compatible endpoint wants to be told what an answer may be. Reasoning models know the most tokens by their new
 * name alone, and no temperature but their own; older servers know the old name alone.
 *
 * @param limit name of the most tokens of an answer
 * @param greedy whether temperature 0 is asked for; else the endpoint's own temperature counts
 */
record ChatParameters(String limit, boolean greedy) {
    static final String LIMIT = "max_completion_tokens";
    static final String OLD_LIMIT = "max_tokens";
    static final String TEMPERATURE = "temperature";

    /** What is tried first. */
    static final ChatParameters FIRST = new ChatParameters(LIMIT, true);

    /** Told of a parameter that is known, and whose value is not allowed: of another name it would not be either. */
    private static final Pattern SIZE = Pattern.compile(
            "too (?:large|high|big|long)|maximum|at most|exceed|greater than|less than", Pattern.CASE_INSENSITIVE);

    /** Told of a question that is too long together with its longest answer. */
    private static final Pattern CONTEXT =
            Pattern.compile("context[ _](?:length|size|window)", Pattern.CASE_INSENSITIVE);

    /** Adds them to a request. */
    void put(ObjectNode body, int maxTokens) {
        body.put(limit, maxTokens);
        if (greedy) {
            body.put(TEMPERATURE, 0);
        }
    }

    /**
     * What to try after a refusal.
     *
     * @param answer of the endpoint, with status 400 or 422
     * @return empty when it is about nothing that could be asked in another way
     */
    Optional<ChatParameters> after(String answer) {
        boolean renamed = limit.equals(LIMIT)
                && names(answer, LIMIT)
                && !SIZE.matcher(answer).find();
        boolean cooled = greedy && names(answer, TEMPERATURE);
        return renamed || cooled
                ? Optional.of(new ChatParameters(renamed ? OLD_LIMIT : limit, greedy && !cooled))
                : Optional.empty();
    }

    /** The parameter that a refusal is about, as the endpoint calls it; empty when it names none that was sent. */
    String refused(String answer) {
        if (CONTEXT.matcher(answer).find() || names(answer, limit)) {
            return limit;
        }
        return told(answer);
    }

    /** Whether it is about how long an answer may be. */
    static boolean isLimit(String parameter) {
        return parameter.equals(LIMIT) || parameter.equals(OLD_LIMIT);
    }

    /** Where the endpoint tells the parameter, it is about no other, whatever its message mentions. */
    private static boolean names(String answer, String parameter) {
        String told = told(answer);
        return told.isEmpty()
                ? Pattern.compile("\\b" + parameter + "\\b").matcher(answer).find()
                : told.equals(parameter);
    }

    private static String told(String answer) {
        try {
            JsonNode param = JsonMapper.shared().readTree(answer).path("error").path("param");
            return param.isString() ? param.stringValue() : "";
        } catch (JacksonException e) {
            return "";
        }
    }
}
