package dev.hone.capture.feedback;

import dev.hone.capture.redact.Pseudonyms;
import dev.hone.capture.redact.Redaction;
import dev.hone.record.Feedback;
import dev.hone.record.Project;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How the feedback of use cases is judged and kept.
 *
 * @param rules by use case
 * @param redactions by use case, of those that have one
 * @param projects by use case, of those that are not the default one's
 * @param others what is not stored where no charter speaks of it
 * @param configuration SHA-256 of the files that say so; null where there are none
 */
public record Judging(
        Map<String, FeedbackRules> rules,
        Map<String, Redaction> redactions,
        Map<String, String> projects,
        Redaction others,
        @Nullable String configuration) {
    /** Of an installation without charters. */
    public static final Judging NOTHING = new Judging(Map.of(), Map.of(), Map.of(), Redaction.NOTHING, null);

    public Judging {
        rules = Map.copyOf(rules);
        redactions = Map.copyOf(redactions);
        projects = Map.copyOf(projects);
    }

    /**
     * What is declared of a use case: where another project has one of the same name, nothing.
     *
     * @param project whose feedback it is
     * @param useCase null for a model that is none
     */
    FeedbackRules rules(String project, @Nullable String useCase) {
        return useCase == null
                        || !projects.getOrDefault(useCase, Project.DEFAULT).equals(project)
                ? FeedbackRules.UNDECLARED
                : rules.getOrDefault(useCase, FeedbackRules.UNDECLARED);
    }

    /** Why feedback that was taken unchecked is not stored; empty where it is. */
    public Optional<String> objection(Feedback feedback, @Nullable String useCase) {
        return rules(feedback.project(), useCase).objection(feedback);
    }

    /** A value as it may be stored. */
    JsonNode redacted(@Nullable String useCase, JsonNode value, Pseudonyms pseudonyms) {
        Redaction redaction = useCase == null ? others : redactions.getOrDefault(useCase, others);
        return redaction.json(value, pseudonyms);
    }

    /** A value whose use case is not known yet: without what any of them does not store. */
    JsonNode redactedByAll(JsonNode value, Pseudonyms pseudonyms) {
        JsonNode redacted = others.json(value, pseudonyms);
        for (Redaction redaction : List.copyOf(redactions.values())) {
            redacted = redaction.json(redacted, pseudonyms);
        }
        return redacted;
    }
}
