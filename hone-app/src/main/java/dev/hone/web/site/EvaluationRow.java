package dev.hone.web.site;

import dev.hone.evaluate.Report;
import dev.hone.store.EvaluationList;
import dev.hone.web.ReportFigures;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A stored evaluation in a list.
 *
 * @param verdict the rule's choice, or a dash
 * @param contender the best; null where the report is of a kind that this Hone does not read
 */
public record EvaluationRow(
        UUID id,
        String useCase,
        List<Integer> versions,
        Instant created,
        String grader,
        String verdict,
        Report.@Nullable Contender contender) {
    private static final String UNKNOWN = "–";

    static EvaluationRow of(EvaluationList.Listed listed) {
        List<Report.Contender> contenders = contenders(listed.contenders());
        return new EvaluationRow(
                listed.id(),
                listed.useCase(),
                listed.versions(),
                listed.created(),
                Objects.requireNonNullElse(listed.grader(), UNKNOWN),
                contenders.isEmpty() ? UNKNOWN : Objects.requireNonNullElse(listed.choice(), UNKNOWN),
                contenders.isEmpty() ? null : ReportFigures.best(contenders));
    }

    private static List<Report.Contender> contenders(@Nullable String json) {
        try {
            return json == null ? List.of() : List.of(JsonMapper.shared().readValue(json, Report.Contender[].class));
        } catch (JacksonException | NullPointerException e) {
            return List.of();
        }
    }

    /** The best contender with its quality, or a dash. */
    public String best() {
        return contender == null
                ? UNKNOWN
                : "%s: %s %%".formatted(contender.name(), ReportFigures.interval(contender.quality()));
    }

    /** Of the best contender, in percent; a dash where it is not known. */
    public String quality() {
        return contender == null
                ? UNKNOWN
                : Figures.number(100 * contender.quality().value(), 1) + " %";
    }
}
