package dev.hone.web.site;

import dev.hone.record.AuditEntry;
import dev.hone.record.CapturedCall.End;
import dev.hone.record.Ids;
import dev.hone.record.Role;
import dev.hone.store.AuditLog;
import dev.hone.store.TraceQuery;
import dev.hone.store.TraceSearch;
import dev.hone.store.UseCases;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The calls, the newest first. */
public final class TracesPage {
    static final String PATH = "/traces";
    private static final int ROWS = 50;
    private static final String ALL = "all";
    private static final Map<String, Duration> WINDOWS = new LinkedHashMap<>();

    /** A metric's name or none, and a bound of what the feedback counts as. */
    private static final Pattern JUDGED =
            Pattern.compile("(\\*|[a-z][a-z0-9_-]{0,62})\\s*(?:(<=|>=|=)\\s*(-?\\d{1,15}(?:\\.\\d{1,15})?))?");

    static {
        WINDOWS.put("1h", Duration.ofHours(1));
        WINDOWS.put("24h", Duration.ofHours(24));
        WINDOWS.put("7d", Duration.ofDays(7));
        WINDOWS.put("30d", Duration.ofDays(30));
        WINDOWS.put(ALL, Duration.ZERO);
    }

    private final Views views;
    private final TraceSearch search;
    private final UseCases useCases;
    private final AuditLog audit;
    private final InstantSource clock;

    TracesPage(Views views, TraceSearch search, UseCases useCases, AuditLog audit, InstantSource clock) {
        this.views = views;
        this.search = search;
        this.useCases = useCases;
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
            @Nullable String feedback,
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
            put(fields, "feedback", feedback);
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
     * @param more where older ones are; null where there are none
     * @param reached how far the search got in its time; null where it got to the end, or filled the page
     */
    public record Page(
            Shell shell,
            Asked asked,
            List<String> useCases,
            List<TraceSearch.Found> rows,
            @Nullable String more,
            @Nullable Instant reached) {

        public List<String> windows() {
            return List.copyOf(WINDOWS.keySet());
        }

        public List<String> ends() {
            return Stream.of(End.values()).map(TracesPage::word).toList();
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
                ask.query("feedback"),
                ask.query("text"));
        UUID project = ask.project();
        if (asked.text() != null) {
            if (!ask.membership().role().covers(Role.EXPERT)) {
                throw new PageRefusal(403, "To look into what was said takes the role [expert].");
            }
            audit.add(AuditEntry.now(ask.who(), project, "trace.search", asked.text(), Map.of()));
        }
        // One more than is shown says whether there are more.
        TraceSearch.Page found =
                search.find(query(ask.membership().projectName(), asked), ask.queryId("before"), ROWS + 1);
        List<TraceSearch.Found> shown = found.full() ? found.traces().subList(0, ROWS) : found.traces();
        UUID next = found.full() ? shown.getLast().id() : found.next();
        return views.page(
                "traces",
                new Page(
                        views.shell(ask, "traces", "Traces"),
                        asked,
                        useCases.names(project),
                        shown,
                        next == null ? null : ask.below(PATH) + asked.query("before", next.toString()),
                        next == null || found.full() ? null : Ids.time(next)));
    }

    private TraceQuery query(String project, Asked asked) {
        return new TraceQuery(
                project,
                asked.useCase(),
                asked.variant(),
                null,
                ended(asked.ended()),
                null,
                asked.window().equals(ALL)
                        ? null
                        : clock.instant().minus(WINDOWS.getOrDefault(asked.window(), Duration.ofHours(24))),
                null,
                tags(asked.tag()),
                asked.episode(),
                judged(asked.feedback()),
                asked.text(),
                false);
    }

    private static String word(End end) {
        return end.name().toLowerCase(Locale.ROOT);
    }

    private static Set<End> ended(@Nullable String word) {
        if (word == null) {
            return Set.of();
        }
        return Set.of(Stream.of(End.values())
                .filter(end -> word(end).equals(word))
                .findFirst()
                .orElseThrow(() -> new PageRefusal(400, "No call ends [%s].".formatted(word))));
    }

    private static Map<String, String> tags(@Nullable String typed) {
        if (typed == null) {
            return Map.of();
        }
        int equals = typed.indexOf('=');
        if (equals < 1) {
            throw new PageRefusal(400, "[%s] is no tag: write name=value.".formatted(typed));
        }
        return Map.of(typed.substring(0, equals), typed.substring(equals + 1));
    }

    private static TraceQuery.@Nullable Judged judged(@Nullable String typed) {
        if (typed == null) {
            return null;
        }
        Matcher judged = JUDGED.matcher(typed);
        if (!judged.matches()) {
            throw new PageRefusal(
                    400,
                    "[%s] is no feedback: write a metric's name, or * for any, and what it is, as in stars<=2."
                            .formatted(typed));
        }
        Double bound = judged.group(3) == null ? null : Double.valueOf(judged.group(3));
        String sign = judged.group(2);
        return new TraceQuery.Judged(
                judged.group(1).equals("*") ? null : judged.group(1),
                "<=".equals(sign) ? null : bound,
                ">=".equals(sign) ? null : bound);
    }
}
