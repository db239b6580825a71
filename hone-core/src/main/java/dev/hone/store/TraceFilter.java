package dev.hone.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which traces are looked for; null and empty for any.
 *
 * @param useCase by name
 * @param ended {@code answered}, {@code refused}, {@code broken} or {@code abandoned}
 * @param from when they were recorded at the earliest
 * @param tag a key of the metadata
 * @param tagValue what it is there
 * @param text that stands in the request or in the answer
 * @param before only traces before this one
 */
public record TraceFilter(
        @Nullable String useCase,
        @Nullable String variant,
        @Nullable String ended,
        @Nullable Instant from,
        @Nullable String tag,
        @Nullable String tagValue,
        @Nullable String episode,
        @Nullable String text,
        @Nullable UUID before) {

    /** Conditions of SQL, and the values that they ask for. */
    record Conditions(String sql, List<Object> values) {}

    Conditions conditions(UUID project) {
        StringBuilder sql = new StringBuilder("t.project = ? AND t.shadow_of IS NULL");
        List<Object> values = new ArrayList<>(List.of(project));
        add(sql, values, "t.use_case = (SELECT id FROM use_case WHERE name = ? AND project = ?)", useCase, project);
        add(sql, values, "t.variant = ?", variant);
        add(sql, values, "t.ended = ?", ended);
        add(sql, values, "t.id >= least_id(?)", from);
        add(sql, values, "t.metadata @> jsonb_build_object(?::text, ?::text)", tag, tagValue == null ? "" : tagValue);
        add(sql, values, "t.episode = ?", episode);
        if (text != null) {
            String like = "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%";
            add(
                    sql,
                    values,
                    "EXISTS (SELECT FROM trace_content c WHERE c.id = t.id AND (c.request ILIKE ? OR c.response ILIKE ?))",
                    like,
                    like);
        }
        add(sql, values, "t.id < ?", before);
        return new Conditions(sql.toString(), values);
    }

    private static void add(
            StringBuilder sql, List<Object> values, String condition, @Nullable Object first, Object... others) {
        if (first != null) {
            sql.append(" AND ").append(condition);
            values.add(first instanceof String text ? Documents.storable(text) : first);
            values.addAll(List.of(others));
        }
    }
}
