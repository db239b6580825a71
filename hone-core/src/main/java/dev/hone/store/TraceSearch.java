package dev.hone.store;

import dev.hone.record.CapturedCall.End;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Looks for traces, the newest first, a page at a time. It walks down an index that one part of the filter has (feedback, episode, a
 * rare tag, calls without an answer, use case, project) and tries the rest on what it meets, for a bounded time: a page that is not
 * full says where to go on. What it returns down to there is exact.
 */
public final class TraceSearch {
    /** Of a name and a project. */
    private static final String OWN_USE_CASE =
            "(SELECT u.id FROM use_case u JOIN project p ON p.id = u.project WHERE u.name = ? AND p.name = ?)";

    /** How long a page may look. */
    private static final long MOST_NANOS = 80_000_000;

    private static final int FIRST_STEP = 200;
    private static final int LONGEST_STEP = 10_000;

    /** Where bodies are looked through, which may be long. */
    private static final int FIRST_TEXT_STEP = 20;

    /** Characters of a body that are looked through, from its first on. */
    private static final int LOOKED_THROUGH = 256 << 10;

    /** A tag of fewer traces is looked up; the soft bound makes sure that one of many is not read through to find that out. */
    private static final int RARE = 5_000;

    private static final int SOFT_BOUND = 10 * RARE;

    /** When a call began, or a row was imported: about the time in its identifier, by which it is walked to. */
    private static final String MOMENT = "CASE WHEN t.route IS NULL THEN id_time(t.id) ELSE t.occurred END";

    private final Database database;

    public TraceSearch(Database database) {
        this.database = database;
    }

    /**
     * A trace without what it says.
     *
     * @param route null of an imported trace, as all that follows it
     * @param cost null where it is not known
     * @param feedback how much there is on it
     */
    public record Found(
            UUID id,
            Instant occurred,
            @Nullable String useCase,
            @Nullable String route,
            @Nullable String variant,
            @Nullable String model,
            @Nullable String episode,
            @Nullable Integer status,
            @Nullable String ended,
            @Nullable Double firstByteMillis,
            @Nullable Double millis,
            @Nullable Long promptTokens,
            @Nullable Long cachedTokens,
            @Nullable Long completionTokens,
            @Nullable BigDecimal cost,
            @Nullable String currency,
            Map<String, String> tags,
            @Nullable UUID shadowOf,
            @Nullable String path,
            @Nullable Boolean stream,
            long feedback) {}

    /**
     * @param next where to go on; null where there is nothing more
     * @param full whether it has as many as were asked for: if not, and there is a next, the time was over
     */
    public record Page(List<Found> traces, @Nullable UUID next, boolean full) {
        public Page {
            traces = List.copyOf(traces);
        }
    }

    /**
     * One page.
     *
     * @param before the next of the page before; null for the first
     * @param limit most on the page
     */
    public Page find(TraceQuery filter, @Nullable UUID before, int limit) {
        return database.inTransaction(connection -> {
            long from = System.nanoTime();
            List<UUID> tagged = rare(connection, filter);
            UUID cursor = before;
            List<Found> found = new ArrayList<>();
            int least = filter.text() == null ? FIRST_STEP : FIRST_TEXT_STEP;
            int step = filter.text() == null ? Math.max(FIRST_STEP, 2 * limit) : FIRST_TEXT_STEP;
            while (true) {
                long begun = System.nanoTime();
                Step taken = step(connection, filter, tagged, cursor, step, limit - found.size());
                found.addAll(taken.found());
                if (found.size() >= limit) {
                    return new Page(found, found.getLast().id(), true);
                }
                if (taken.last() == null || taken.seen() < step) {
                    return new Page(found, null, false);
                }
                cursor = taken.last();
                long now = System.nanoTime();
                long left = MOST_NANOS - (now - from);
                if (left <= 0) {
                    return new Page(found, cursor, false);
                }
                step = (int) Math.clamp(step * (double) left / Math.max(1, now - begun), least, LONGEST_STEP);
            }
        });
    }

    /** One of them; empty where the project has none. */
    public Optional<Found> find(String project, UUID id) {
        return database.inTransaction(
                connection -> step(connection, TraceQuery.of(project), List.of(id), null, 1, 1).found().stream()
                        .findFirst());
    }

    /** All traces of a tag that few have; null where none of them is rare. */
    private static @Nullable List<UUID> rare(Connection connection, TraceQuery filter) throws SQLException {
        if (filter.tags().isEmpty() || filter.episode() != null || filter.judged() != null) {
            return null;
        }
        try (Statement set = connection.createStatement()) {
            set.execute("SET LOCAL enable_seqscan = off");
            set.execute("SET LOCAL enable_indexscan = off");
            set.execute("SET LOCAL gin_fuzzy_search_limit = " + SOFT_BOUND);
            try {
                for (Map.Entry<String, String> tag : filter.tags().entrySet()) {
                    List<UUID> ids = tagged(connection, tag);
                    if (ids.size() <= RARE) {
                        return ids;
                    }
                }
                return null;
            } finally {
                set.execute("SET LOCAL enable_seqscan = on");
                set.execute("SET LOCAL enable_indexscan = on");
                set.execute("SET LOCAL gin_fuzzy_search_limit = 0");
            }
        }
    }

    private static List<UUID> tagged(Connection connection, Map.Entry<String, String> tag) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT id FROM trace WHERE metadata @> ?::jsonb LIMIT ?")) {
            select.setString(1, json(tag));
            select.setInt(2, RARE + 1);
            List<UUID> ids = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getObject(1, UUID.class));
                }
            }
            return ids;
        }
    }

    private static String json(Map.Entry<String, String> tag) {
        return JsonMapper.shared()
                .createObjectNode()
                .put(Documents.storable(tag.getKey()), Documents.storable(tag.getValue()))
                .toString();
    }

    /**
     * What a walk met.
     *
     * @param last that it looked at; null where there was none
     * @param seen how many it looked at
     */
    private record Step(List<Found> found, @Nullable UUID last, int seen) {}

    private static Step step(
            Connection connection,
            TraceQuery filter,
            @Nullable List<UUID> tagged,
            @Nullable UUID before,
            int step,
            int limit)
            throws SQLException {
        Conditions walk = walk(connection, filter, tagged, before);
        Conditions rest = rest(filter);
        String from = filter.judged() == null ? "SELECT * FROM trace WHERE %s ORDER BY id DESC LIMIT ?" : """
                SELECT t.* FROM (SELECT DISTINCT trace AS id FROM feedback WHERE %s ORDER BY id DESC LIMIT ?) AS judged
                 CROSS JOIN LATERAL (SELECT * FROM trace WHERE trace.id = judged.id OFFSET 0) AS t""";
        // What must be done in this order, whatever the planner expects, stands behind MATERIALIZED and OFFSET 0.
        String sql = """
                WITH met AS MATERIALIZED (%s)
                SELECT t.id, coalesce(t.occurred, id_time(t.id)), u.name, t.route, t.variant, t.model, t.episode, t.status, t.ended,
                       t.first_byte_ms, t.ms, t.prompt_tokens, t.completion_tokens, t.cost, t.currency, t.metadata, t.shadow_of,
                       t.cached_tokens, t.path, t.stream,
                       (SELECT count(*) FROM feedback f WHERE f.trace = t.id), (SELECT count(*) FROM met),
                       (SELECT id FROM met ORDER BY id LIMIT 1)
                  FROM (SELECT t.* FROM met AS t %s WHERE %s ORDER BY t.id DESC LIMIT ?) AS t
                  LEFT JOIN use_case u ON u.id = t.use_case
                 UNION ALL
                SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                       (SELECT count(*) FROM met), (SELECT id FROM met ORDER BY id LIMIT 1)
                """.formatted(
                        from.formatted(walk.sql()),
                        filter.text() == null
                                ? ""
                                : "CROSS JOIN LATERAL (SELECT * FROM trace_content WHERE trace_content.id = t.id OFFSET 0) AS c",
                        rest.sql());
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            int at = walk.set(select, 1);
            select.setInt(at++, step);
            at = rest.set(select, at);
            select.setInt(at, limit);
            List<Found> found = new ArrayList<>();
            UUID last = null;
            int seen = 0;
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    seen = row.getInt(22);
                    last = row.getObject(23, UUID.class);
                    if (row.getObject(1) != null) {
                        found.add(found(row));
                    }
                }
            }
            found.sort(Comparator.comparing((Found one) -> one.id().toString()).reversed());
            return new Step(found, last, seen);
        }
    }

    /** What an index answers. */
    private static Conditions walk(
            Connection connection, TraceQuery filter, @Nullable List<UUID> tagged, @Nullable UUID before)
            throws SQLException {
        Conditions walk = new Conditions().and("project = (SELECT id FROM project WHERE name = ?)", filter.project());
        String id = filter.judged() == null ? "id" : "trace";
        if (before != null) {
            walk.and(id + " < ?", before);
        }
        IdTimes.within(connection, walk, id, filter.from(), filter.to());
        if (filter.judged() != null) {
            walk.and("trace IS NOT NULL");
            if (filter.judged().name() != null) {
                walk.and("name = ?", filter.judged().name());
            }
            if (filter.judged().least() != null) {
                walk.and("score >= ?", filter.judged().least());
            }
            if (filter.judged().most() != null) {
                walk.and("score <= ?", filter.judged().most());
            }
            return walk;
        }
        if (tagged != null) {
            walk.and("id = ANY (?)", Traces.array(connection, "uuid", tagged, one -> one));
        }
        if (filter.episode() != null) {
            walk.and("episode = ?", Documents.storable(filter.episode()));
        }
        if (filter.useCase() != null) {
            walk.and("use_case = " + OWN_USE_CASE, filter.useCase(), filter.project());
        }
        boolean unanswered = !filter.ended().isEmpty() && !filter.ended().contains(End.ANSWERED)
                || filter.status() != null && filter.status() >= 400;
        if (unanswered) {
            walk.and("ended <> 'answered'");
        }
        return walk;
    }

    /** What is tried on each: on a trace {@code t} and, where there is a text, its content {@code c}. */
    static Conditions rest(TraceQuery filter) {
        Conditions rest = new Conditions().and("t.project = (SELECT id FROM project WHERE name = ?)", filter.project());
        if (filter.useCase() != null) {
            rest.and("t.use_case = " + OWN_USE_CASE, filter.useCase(), filter.project());
        }
        if (filter.episode() != null) {
            rest.and("t.episode = ?", Documents.storable(filter.episode()));
        }
        if (!filter.shadows()) {
            rest.and("t.shadow_of IS NULL");
        }
        if (filter.variant() != null) {
            rest.and("t.variant = ?", Documents.storable(filter.variant()));
        }
        if (filter.model() != null) {
            rest.and("t.model = ?", Documents.storable(filter.model()));
        }
        if (!filter.ended().isEmpty()) {
            rest.and("t.ended = ANY (?::text[])", (Object) filter.ended().stream()
                    .map(end -> end.name().toLowerCase(Locale.ROOT))
                    .toArray(String[]::new));
        }
        if (filter.status() != null) {
            rest.and("t.status = ?", filter.status());
        }
        if (filter.from() != null) {
            rest.and(MOMENT + " >= ?", time(filter.from()));
        }
        if (filter.to() != null) {
            rest.and(MOMENT + " < ?", time(filter.to()));
        }
        filter.tags().entrySet().forEach(tag -> rest.and("t.metadata @> ?::jsonb", json(tag)));
        if (filter.text() != null) {
            String plain = pattern(filter.text(), false);
            String ascii = pattern(filter.text(), true);
            String either = "left(c.request, %1$d) ILIKE ? OR left(c.response, %1$d) ILIKE ?".formatted(LOOKED_THROUGH);
            if (plain.equals(ascii)) {
                rest.and("(%s)".formatted(either), plain, plain);
            } else {
                rest.and("(%1$s OR %1$s)".formatted(either), plain, plain, ascii, ascii);
            }
        }
        return rest;
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    /** Bodies are JSON: a text stands there with escapes, some write all but ASCII with them. */
    private static String pattern(String text, boolean ascii) {
        String quoted = JsonMapper.shared().writeValueAsString(Documents.storable(text));
        StringBuilder pattern = new StringBuilder("%");
        for (char c : quoted.substring(1, quoted.length() - 1).toCharArray()) {
            if (c > 0x7e && ascii) {
                pattern.append("\\\\u").append(String.format(Locale.ROOT, "%04x", (int) c));
            } else if (c == '%' || c == '_' || c == '\\') {
                pattern.append('\\').append(c);
            } else {
                pattern.append(c);
            }
        }
        return pattern.append('%').toString();
    }

    private static Found found(ResultSet row) throws SQLException {
        return new Found(
                row.getObject(1, UUID.class),
                row.getObject(2, OffsetDateTime.class).toInstant(),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getString(7),
                row.getObject(8, Integer.class),
                row.getString(9),
                row.getObject(10, Double.class),
                row.getObject(11, Double.class),
                row.getObject(12, Long.class),
                row.getObject(18, Long.class),
                row.getObject(13, Long.class),
                row.getBigDecimal(14),
                row.getString(15),
                Documents.metadata(row.getString(16)),
                row.getObject(17, UUID.class),
                row.getString(19),
                row.getObject(20, Boolean.class),
                row.getLong(21));
    }
}
