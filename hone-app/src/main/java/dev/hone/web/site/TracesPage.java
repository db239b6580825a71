package dev.hone.web.site;

import dev.hone.record.AuditEntry;
import dev.hone.record.Role;
import dev.hone.store.AuditLog;
import dev.hone.store.TraceFilter;
import dev.hone.store.TraceList;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The calls, the newest first. */
public final class TracesPage {
    static final String PATH = "/traces";
    private static final int ROWS = 50;
    private static final String ALL = "all";
    private static final Map<String, Duration> WINDOWS = new LinkedHashMap<>();

    static {
        WINDOWS.put("1h", Duration.ofHours(1));
        WINDOWS.put("24h", Duration.ofHours(24));
        WINDOWS.put("7d", Duration.ofDays(7));
        WINDOWS.put("30d", Duration.ofDays(30));
        WINDOWS.put(ALL, Duration.ZERO);
    }

    private final Views views;
    private final TraceList traces;
    private final AuditLog audit;
    private final InstantSource clock;

    TracesPage(Views views, TraceList traces, AuditLog audit, InstantSource clock) {
        this.views = views;
        this.traces = traces;
        this.audit = audit;
        this.clock = clock;
    }

    /** What was asked for, as it was typed. */
    public record Asked(
            @Nullable String useCase,
            @Nullable String variant,
            @Nullable String ended,
            String window,
            @Nullable String tag,
            @Nullable String episode,
            @Nullable String text) {

        /** The query of the same with something more. */
        String query(String name, String value) {
            Map<String, String> fields = new LinkedHashMap<>();
            put(fields, "use-case", useCase);
            put(fields, "variant", variant);
            put(fields, "ended", ended);
            put(fields, "window", window);
            put(fields, "tag", tag);
            put(fields, "episode", episode);
            put(fields, "text", text);
            put(fields, name, value);
            List<String> pairs = new ArrayList<>();
            fields.forEach((key, one) -> pairs.add(key + "=" + URLEncoder.encode(one, StandardCharsets.UTF_8)));
            return "?" + String.join("&", pairs);
        }

        private static void put(Map<String, String> fields, String name, @Nullable String value) {
            if (value != null) {
                fields.put(name, value);
            }
        }
    }

    /**
     * The table.
     *
     * @param rows null when to look for them took too long
     * @param more where older ones are; null where there are none
     */
    public record Page(
            Shell shell,
            Asked asked,
            List<String> useCases,
            @Nullable List<TraceList.Row> rows,
            @Nullable String more) {

        public List<String> windows() {
            return List.copyOf(WINDOWS.keySet());
        }

        public List<String> ends() {
            return List.of("answered", "refused", "broken", "abandoned");
        }

        public boolean mayRead() {
            return shell.may(Role.EXPERT);
        }
    }

    List<Route> routes() {
        return List.of(Route.of(Role.VIEWER, "GET", PATH, this::show));
    }

    private Answer show(Ask ask) {
        String window = ask.query("window");
        Asked asked = new Asked(
                ask.query("use-case"),
                ask.query("variant"),
                ask.query("ended"),
                window == null || !WINDOWS.containsKey(window) ? "24h" : window,
                ask.query("tag"),
                ask.query("episode"),
                ask.query("text"));
        UUID project = ask.project();
        if (asked.text() != null) {
            if (!ask.membership().role().covers(Role.EXPERT)) {
                throw new PageRefusal(403, "To look into what was said takes the role [expert].");
            }
            audit.add(AuditEntry.now(ask.who(), project, "trace.search", asked.text(), Map.of()));
        }
        List<TraceList.Row> found = traces.page(project, filter(asked, ask.queryId("before")), ROWS + 1)
                .orElse(null);
        List<TraceList.Row> shown = found == null ? null : found.subList(0, Math.min(ROWS, found.size()));
        String more = found == null || found.size() <= ROWS
                ? null
                : ask.below(PATH)
                        + asked.query("before", found.get(ROWS - 1).id().toString());
        return views.page(
                "traces", new Page(views.shell(ask, "traces", "Traces"), asked, traces.useCases(project), shown, more));
    }

    private TraceFilter filter(Asked asked, @Nullable UUID before) {
        String tag = asked.tag();
        int equals = tag == null ? -1 : tag.indexOf('=');
        return new TraceFilter(
                asked.useCase(),
                asked.variant(),
                asked.ended(),
                asked.window().equals(ALL)
                        ? null
                        : clock.instant().minus(WINDOWS.getOrDefault(asked.window(), Duration.ofHours(24))),
                tag == null ? null : equals < 0 ? tag : tag.substring(0, equals),
                tag == null || equals < 0 ? null : tag.substring(equals + 1),
                asked.episode(),
                asked.text(),
                before);
    }
}
