package dev.hone.web.site;

import dev.hone.record.Role;
import dev.hone.store.EvaluationList;
import java.util.List;

/** Who was compared with whom, and what came out. */
public final class EvaluationsPage {
    private static final String PATH = "/evals";
    private static final int ROWS = 100;

    private final Views views;
    private final EvaluationList evaluations;

    EvaluationsPage(Views views, EvaluationList evaluations) {
        this.views = views;
        this.evaluations = evaluations;
    }

    /** The evaluations, the newest first. */
    public record Page(Shell shell, List<EvaluationRow> rows) {}

    /** One of them. */
    public record One(Shell shell, EvaluationSummary summary) {}

    List<Route> routes() {
        return List.of(
                Route.of(Role.VIEWER, "GET", PATH, this::list),
                Route.of(Role.VIEWER, "GET", PATH + "/{id}", this::show));
    }

    private Answer list(Ask ask) {
        return views.page(
                "evals",
                new Page(
                        views.shell(ask, "evals", "Evaluations"),
                        evaluations.all(ask.project(), ROWS).stream()
                                .map(EvaluationRow::of)
                                .toList()));
    }

    private Answer show(Ask ask) {
        EvaluationSummary summary = evaluations
                .find(ask.project(), ask.id("id"))
                .map(EvaluationSummary::of)
                .orElseThrow(PageRefusal::notFound);
        return views.page("eval", new One(views.shell(ask, "evals", "Evaluation"), summary));
    }
}
