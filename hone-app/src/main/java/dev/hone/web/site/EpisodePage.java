package dev.hone.web.site;

import dev.hone.record.AuditEntry;
import dev.hone.record.Role;
import dev.hone.store.AuditLog;
import dev.hone.store.Episodes;
import dev.hone.store.TraceDetails;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The calls of an episode in their order, each with what it says newly. */
public final class EpisodePage {
    private static final String PATH = "/episode";
    private static final int CALLS = 20;

    private final Views views;
    private final Episodes episodes;
    private final AuditLog audit;

    EpisodePage(Views views, Episodes episodes, AuditLog audit) {
        this.views = views;
        this.episodes = episodes;
        this.audit = audit;
    }

    /**
     * A call: what was said newly.
     *
     * @param transcript null for whom it is not to be read
     */
    public record Turn(Episodes.Turn call, @Nullable Transcript transcript) {}

    /**
     * Some of the calls.
     *
     * @param feedback on the episode as a whole; empty for whom it is not to be read
     * @param begin where the first calls are; null where these are
     * @param more where later calls are; null where there are none
     */
    public record Page(
            Shell shell,
            String episode,
            List<Turn> turns,
            List<TraceDetails.Said> feedback,
            @Nullable String begin,
            @Nullable String more) {}

    List<Route> routes() {
        return List.of(Route.of(Role.VIEWER, "GET", PATH, this::show));
    }

    private Answer show(Ask ask) {
        String episode = ask.query("id");
        if (episode == null) {
            throw PageRefusal.notFound();
        }
        String project = ask.membership().projectName();
        UUID after = ask.queryId("after");
        boolean mayRead = TracePage.mayRead(ask);
        List<Episodes.Turn> found = episodes.page(project, episode, after, CALLS + 1, mayRead);
        if (found.isEmpty()) {
            throw PageRefusal.notFound();
        }
        List<Episodes.Turn> calls = found.subList(0, Math.min(CALLS, found.size()));
        if (mayRead) {
            audit.addAll(calls.stream()
                    .map(call -> AuditEntry.now(
                            ask.who(), ask.project(), TracePage.READ, call.id().toString(), Map.of()))
                    .toList());
        }
        List<Turn> turns = new ArrayList<>();
        List<Transcript.Said> before = after == null || !mayRead
                ? List.of()
                : episodes.find(project, episode, after)
                        .map(call -> Transcript.of(call.request(), null).asked())
                        .orElse(List.of());
        for (Episodes.Turn call : calls) {
            Transcript transcript = mayRead ? Transcript.of(call.request(), call.response()) : null;
            turns.add(new Turn(call, transcript == null ? null : transcript.without(before)));
            before = transcript == null ? List.of() : transcript.asked();
        }
        String here = ask.below(PATH) + "?id=" + Figures.encoded(episode);
        return views.page(
                "episode",
                new Page(
                        views.shell(ask, "traces", "Episode"),
                        episode,
                        turns,
                        mayRead ? episodes.feedback(project, episode) : List.of(),
                        after == null ? null : here,
                        found.size() > CALLS
                                ? here + "&after=" + calls.getLast().id()
                                : null));
    }
}
