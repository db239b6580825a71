package dev.hone.web.site;

import dev.hone.record.AuditEntry;
import dev.hone.record.Role;
import dev.hone.store.AuditLog;
import dev.hone.store.TraceList;
import dev.hone.web.WaterfallPlot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One call, or those of an episode: what was said, who was asked, and how long it took. */
public final class TracePage {
    private final Views views;
    private final TraceList traces;
    private final AuditLog audit;

    TracePage(Views views, TraceList traces, AuditLog audit) {
        this.views = views;
        this.traces = traces;
        this.audit = audit;
    }

    /**
     * A call.
     *
     * @param transcript null for whom it is not to be read
     * @param timing null where no time is known
     */
    public record Page(
            Shell shell,
            TraceList.Whole trace,
            @Nullable Transcript transcript,
            @Nullable WaterfallPlot timing) {
        public TraceList.Row row() {
            return trace.row();
        }
    }

    /** A call of an episode: what was said newly. */
    public record Turn(TraceList.Row row, @Nullable Transcript transcript) {}

    /** The calls of an episode. */
    public record EpisodePage(Shell shell, String episode, List<Turn> turns) {}

    List<Route> routes() {
        return List.of(
                Route.of(Role.VIEWER, "GET", TracesPage.PATH + "/{id}", this::show),
                Route.of(Role.EXPERT, "GET", TracesPage.PATH + "/{id}/{part}", this::raw),
                Route.of(Role.VIEWER, "GET", "/episode", this::episode));
    }

    private Answer show(Ask ask) {
        UUID id = ask.id("id");
        TraceList.Whole trace = traces.find(ask.project(), id).orElseThrow(PageRefusal::notFound);
        return views.page(
                "trace",
                new Page(
                        views.shell(ask, "traces", "Trace"),
                        trace,
                        mayRead(ask) ? transcript(ask, id, "trace.read") : null,
                        timing(trace)));
    }

    private static boolean mayRead(Ask ask) {
        return ask.membership().role().covers(Role.EXPERT);
    }

    private Transcript transcript(Ask ask, UUID id, String action) {
        audit.add(AuditEntry.now(ask.who(), ask.project(), action, id.toString(), Map.of()));
        TraceList.Content content = traces.content(ask.project(), id);
        return Transcript.of(content.request(), content.response());
    }

    /** A body as it is, for a program or a patient reader: as text, which no browser makes anything of. */
    private Answer raw(Ask ask) {
        UUID id = ask.id("id");
        TraceList.Content content = traces.content(ask.project(), id);
        String body = switch (ask.part("part")) {
            case "request" -> content.request();
            case "response" -> content.response();
            default -> throw PageRefusal.notFound();
        };
        if (body == null) {
            throw PageRefusal.notFound();
        }
        audit.add(AuditEntry.now(
                ask.who(), ask.project(), "trace.read", id.toString(), Map.of("part", ask.part("part"))));
        return new Answer.Plain(body);
    }

    private Answer episode(Ask ask) {
        String episode = ask.query("id");
        List<TraceList.Row> rows = episode == null ? List.of() : traces.episode(ask.project(), episode);
        if (episode == null || rows.isEmpty()) {
            throw PageRefusal.notFound();
        }
        List<Turn> turns = new ArrayList<>();
        List<Transcript.Said> before = List.of();
        for (TraceList.Row row : rows) {
            Transcript transcript = mayRead(ask) ? transcript(ask, row.id(), "trace.read") : null;
            turns.add(new Turn(row, transcript == null ? null : without(transcript, before)));
            before = transcript == null ? List.of() : transcript.asked();
        }
        return views.page("episode", new EpisodePage(views.shell(ask, "traces", "Episode"), episode, turns));
    }

    /** Without what the call before said already. */
    private static Transcript without(Transcript transcript, List<Transcript.Said> before) {
        List<Transcript.Said> asked = transcript.asked();
        int same = 0;
        while (same < before.size() && same < asked.size() && asked.get(same).equals(before.get(same))) {
            same++;
        }
        return new Transcript(asked.subList(same, asked.size()), transcript.answered(), transcript.tools());
    }

    /** Attempts one after the other, and the whole; pauses between attempts are not recorded, so each begins where the last ended. */
    private static @Nullable WaterfallPlot timing(TraceList.Whole trace) {
        Double whole = trace.row().millis();
        if (whole == null) {
            return null;
        }
        List<WaterfallPlot.Row> rows = new ArrayList<>();
        double at = 0;
        for (TraceList.Attempt attempt : trace.attempts()) {
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
        Double first = trace.row().firstByteMillis();
        if (first != null) {
            rows.add(new WaterfallPlot.Row("to the first byte", "", 0, first, 6, Figures.millis(first)));
        }
        rows.add(new WaterfallPlot.Row("whole call", "", 0, whole, 0, Figures.millis(whole)));
        return new WaterfallPlot("Time in ms", Math.max(whole, at), rows);
    }
}
