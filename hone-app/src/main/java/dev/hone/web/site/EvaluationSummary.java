package dev.hone.web.site;

import dev.hone.evaluate.Report;
import dev.hone.record.StoredEvaluation;
import dev.hone.store.EvaluationList;
import dev.hone.web.ReportFigures;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A stored evaluation, as far as its report can be read.
 *
 * @param figures null where the report is of a kind that this Hone does not read
 */
public record EvaluationSummary(
        String useCase,
        List<Integer> versions,
        StoredEvaluation evaluation,
        @Nullable ReportFigures figures) {
    private static final List<String> LISTS = List.of("comparisons", "slices", "constraints");
    private static final List<String> MAPS = List.of("excluded", "versions");

    static EvaluationSummary of(EvaluationList.Judged judged) {
        return new EvaluationSummary(
                judged.useCase(),
                judged.versions(),
                judged.evaluation(),
                report(judged.evaluation().report()).map(ReportFigures::new).orElse(null));
    }

    private static Optional<Report> report(String text) {
        try {
            if (!(JsonMapper.shared().readTree(text) instanceof ObjectNode object)) {
                return Optional.empty();
            }
            // Fields that later versions added.
            LISTS.stream().filter(list -> object.path(list).isMissingNode()).forEach(object::putArray);
            MAPS.stream().filter(map -> object.path(map).isMissingNode()).forEach(object::putObject);
            Report report = JsonMapper.shared().treeToValue(object, Report.class);
            return report.contenders().isEmpty() ? Optional.empty() : Optional.of(report);
        } catch (JacksonException | NullPointerException e) {
            return Optional.empty();
        }
    }
}
