package dev.hone.web.site;

import dev.hone.record.AuditEntry;
import dev.hone.record.Role;
import dev.hone.store.AuditLog;
import dev.hone.store.TraceDetails;
import dev.hone.store.TraceSearch;
import dev.hone.web.WaterfallPlot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One call: what was said, who was asked, and how long it took. */
public final class TracePage {
    static final String READ = "trace.read";

    /** Bytes of a body that a page is made of; what is longer is a text of its own. */
    private static final int LONGEST = 4 << 20;

    private final Views views;
    private final TraceSearch search;
    private final TraceDetails details;
    private final AuditLog audit;

    TracePage(Views views, TraceSearch search, TraceDetails details, AuditLog audit) {
        this.views = views;
        this.search = search;
        this.details = details;
        this.audit = audit;
    }

    /**
     * A call.
     *
     * @param cut whether it says too much for a page
     * @param transcript null for whom it is not to be read
     * @param timing null where no time is known
     */
    public record Page(
            Shell shell,
            TraceSearch.Found row,
            TraceDetails.Detail detail,
            boolean cut,
            @Nullable Transcript transcript,
            @Nullable WaterfallPlot timing) {}

    List<Route> routes() {
        return List.of(
                Route.of(Role.VIEWER, "GET", TracesPage.PATH + "/{id}", this::show),
                Route.of(Role.EXPERT, "GET", TracesPage.PATH + "/{id}/{part}", this::raw));
    }

    private Answer show(Ask ask) {
        UUID id = ask.id("id");
        String project = ask.membership().projectName();
        TraceSearch.Found row = search.find(project, id).orElseThrow(PageRefusal::notFound);
        TraceDetails.Bounded found = details.find(project, id, LONGEST).orElseThrow(PageRefusal::notFound);
        TraceDetails.Detail detail = found.detail();
        return views.page(
                "trace",
                new Page(
                        views.shell(ask, "traces", "Trace"),
                        row,
                        detail,
                        found.cut(),
                        mayRead(ask) ? transcript(ask, id, detail) : null,
                        timing(row, detail)));
    }

    static boolean mayRead(Ask ask) {
        return ask.membership().role().covers(Role.EXPERT);
    }

    private Transcript transcript(Ask ask, UUID id, TraceDetails.Detail detail) {
        audit.add(AuditEntry.now(ask.who(), ask.project(), READ, id.toString(), Map.of()));
        return Transcript.of(detail.request(), detail.response());
    }

    /** A body as it is, for a program or a patient reader: as text, which no browser makes anything of. */
    private Answer raw(Ask ask) {
        UUID id = ask.id("id");
        TraceDetails.Detail detail =
                details.find(ask.membership().projectName(), id).orElseThrow(PageRefusal::notFound);
        String body = switch (ask.part("part")) {
            case "request" -> detail.request();
            case "response" -> detail.response();
            default -> throw PageRefusal.notFound();
        };
        if (body == null) {
            throw PageRefusal.notFound();
        }
        audit.add(AuditEntry.now(ask.who(), ask.project(), READ, id.toString(), Map.of("part", ask.part("part"))));
        return new Answer.Plain(body);
    }

    /** Attempts one after the other, and the whole; pauses between attempts are not recorded, so each begins where the last ended. */
    private static @Nullable WaterfallPlot timing(TraceSearch.Found row, TraceDetails.Detail detail) {
        Double whole = row.millis();
        if (whole == null) {
            return null;
        }
        List<WaterfallPlot.Row> rows = new ArrayList<>();
        double at = 0;
        for (TraceDetails.Attempt attempt : detail.attempts()) {
            String label = attempt.number() + ". " + attempt.variant();
            String trouble = attempt.trouble();
            String ended = trouble == null ? "" : " " + trouble;
            rows.add(new WaterfallPlot.Row(
                    label,
                    attempt.upstream() + "/" + attempt.model() + ended,
                    at,
                    at + attempt.millis(),
                    trouble == null ? 3 : 1,
                    Figures.millis(attempt.millis())));
            at += attempt.millis();
        }
        Double first = row.firstByteMillis();
        if (first != null) {
            rows.add(new WaterfallPlot.Row("first byte", "", 0, first, 6, Figures.millis(first)));
        }
        rows.add(new WaterfallPlot.Row("whole call", "", 0, whole, 0, Figures.millis(whole)));
        return new WaterfallPlot("Time in ms", Math.max(whole, at), rows);
    }
}
