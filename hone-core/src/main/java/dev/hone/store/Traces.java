package dev.hone.store;

import dev.hone.record.Ids;
import dev.hone.record.LabelledTrace;
import dev.hone.record.Trace;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Traces and the demonstrations on them. */
public final class Traces {
    private static final int FETCHED = 500;

    private final Database database;

    public Traces(Database database) {
        this.database = database;
    }

    /**
     * Stores a batch with its demonstrations, wholly or not at all; traces whose content is there already are left alone.
     *
     * @return how many were new
     */
    public int add(UUID useCase, List<LabelledTrace> batch) {
        Room.make(
                database, batch.stream().map(labelled -> labelled.trace().id()).toList());
        return database.inTransaction(connection -> {
            makeRoom(
                    connection,
                    batch.stream().map(labelled -> labelled.trace().id()).toList());
            Set<UUID> added = insertTraces(connection, useCase, batch);
            List<LabelledTrace> fresh = batch.stream()
                    .filter(labelled -> added.contains(labelled.trace().id()))
                    .toList();
            insertDemonstrations(connection, fresh);
            return added.size();
        });
    }

    /** Makes the partitions of the months in which identifiers were made, but for those that {@link Room} has made: all, unless one went meanwhile. */
    static void makeRoom(Connection connection, List<UUID> ids) throws SQLException {
        try (PreparedStatement make = connection.prepareStatement("""
                SELECT make_room(at)
                  FROM (SELECT DISTINCT date_trunc('month', id_time(id), 'UTC') AS at FROM unnest(?::uuid[]) AS row (id)) AS months
                """)) {
            make.setArray(1, array(connection, "uuid", ids, id -> id));
            make.execute();
        }
    }

    private static Set<UUID> insertTraces(Connection connection, UUID useCase, List<LabelledTrace> batch)
            throws SQLException {
        List<Trace> traces = batch.stream().map(LabelledTrace::trace).toList();
        Set<UUID> added = new HashSet<>();
        try (PreparedStatement insert = connection.prepareStatement("""
                WITH row AS (
                    SELECT * FROM unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                                         ?::integer[])
                        AS row (id, hash, external_id, request, response, metadata, occurred, source, line)),
                fresh AS (
                    INSERT INTO imported (trace, use_case, content_hash, external_id, source, line)
                    SELECT id, ?, hash, nullif(external_id, ''), source, line FROM row
                    ON CONFLICT (use_case, content_hash) DO NOTHING
                    RETURNING trace),
                content AS (
                    INSERT INTO trace_content (id, request, response)
                    SELECT id, request::json::text, nullif(response, '')::json::text FROM row JOIN fresh ON trace = id)
                INSERT INTO trace (id, use_case, project, metadata, occurred)
                SELECT row.id, u.id, u.project, row.metadata::jsonb, row.occurred::timestamptz
                  FROM row JOIN fresh ON fresh.trace = row.id JOIN use_case u ON u.id = ?
                RETURNING id
                """)) {
            insert.setArray(1, array(connection, "uuid", traces, Trace::id));
            insert.setArray(2, array(connection, "text", traces, Trace::contentHash));
            insert.setArray(3, array(connection, "text", traces, Trace::externalId));
            insert.setArray(4, array(connection, "text", traces, Trace::request));
            insert.setArray(5, array(connection, "text", traces, Trace::response));
            insert.setArray(6, array(connection, "text", traces, trace -> Documents.text(trace.metadata())));
            insert.setArray(7, array(connection, "text", traces, Traces::occurred));
            insert.setArray(8, array(connection, "text", traces, Trace::source));
            insert.setArray(9, array(connection, "integer", traces, Trace::line));
            insert.setObject(10, useCase);
            insert.setObject(11, useCase);
            try (ResultSet rows = insert.executeQuery()) {
                while (rows.next()) {
                    added.add(rows.getObject(1, UUID.class));
                }
            }
        }
        return added;
    }

    private static @Nullable String occurred(Trace trace) {
        return trace.occurred() == null ? null : trace.occurred().toString();
    }

    private static void insertDemonstrations(Connection connection, List<LabelledTrace> fresh) throws SQLException {
        List<UUID> ids = fresh.stream().map(labelled -> Ids.next()).toList();
        try (PreparedStatement insert = connection.prepareStatement("""
                INSERT INTO feedback (id, project, trace, use_case, kind, name, value, day, route, variant)
                SELECT row.id, t.project, row.trace, t.use_case, 'demonstration', 'demonstration', value::json,
                       trace_day(t.id, t.occurred), u.name, ''
                  FROM unnest(?::uuid[], ?::uuid[], ?::text[]) AS row (id, trace, value)
                  JOIN trace t ON t.id = row.trace
                  JOIN use_case u ON u.id = t.use_case
                """)) {
            insert.setArray(1, array(connection, "uuid", ids, id -> id));
            insert.setArray(
                    2,
                    array(
                            connection,
                            "uuid",
                            fresh,
                            labelled -> labelled.trace().id()));
            insert.setArray(3, array(connection, "text", fresh, LabelledTrace::demonstration));
            insert.executeUpdate();
        }
        Usage.bookFeedback(connection, ids);
    }

    static <T> java.sql.Array array(
            Connection connection, String type, List<T> items, Function<T, @Nullable Object> value)
            throws SQLException {
        return connection.createArrayOf(type, items.stream().map(value).toArray());
    }

    /**
     * The content of traces that the product names.
     *
     * @return content hash by external id, of those that are stored
     */
    public Map<String, String> contentHashes(UUID useCase, Collection<String> externalIds) {
        return database.inTransaction(connection -> {
            Map<String, String> hashes = new HashMap<>();
            try (PreparedStatement select = connection.prepareStatement("""
                    SELECT external_id, content_hash FROM imported WHERE use_case = ? AND external_id = ANY (?)
                    """)) {
                select.setObject(1, useCase);
                select.setArray(2, array(connection, "text", List.copyOf(externalIds), id -> id));
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        hashes.put(rows.getString(1), rows.getString(2));
                    }
                }
            }
            return hashes;
        });
    }

    /** How many there are. */
    public long count(UUID useCase) {
        return database.inTransaction(connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT count(*) FROM trace WHERE use_case = ?")) {
                select.setObject(1, useCase);
                try (ResultSet row = select.executeQuery()) {
                    row.next();
                    return row.getLong(1);
                }
            }
        });
    }

    /** All traces with a demonstration, in the order in which they were stored. */
    public List<LabelledTrace> labelled(UUID useCase) {
        return labelled(useCase, null);
    }

    /**
     * All traces with a demonstration, in the order in which they were stored: imported rows, and calls that passed, whose requests and answers are
     * as the product and the server wrote them. Copies for shadows are not among them, nor are demonstrations that were taken back; of several of one
     * author on one trace the last counts, and of those without an author the last where nobody gave a name. A trace of which two people said something
     * comes once for each.
     *
     * @param until demonstrations that were given later are left out; null for all
     */
    public List<LabelledTrace> labelled(UUID useCase, @Nullable Instant until) {
        return database.inTransaction(connection -> {
            List<LabelledTrace> labelled = new ArrayList<>();
            try (PreparedStatement select = connection.prepareStatement("""
                    SELECT t.id, coalesce(i.external_id, ''), c.request, coalesce(c.response, ''), t.metadata,
                           t.occurred, coalesce(i.content_hash, ''), coalesce(i.source, ''), coalesce(i.line, 0), f.value
                      FROM trace t JOIN feedback_in_force f ON f.trace = t.id AND f.kind = 'demonstration'
                      JOIN trace_content c ON c.id = t.id
                      LEFT JOIN imported i ON i.trace = t.id
                     WHERE t.use_case = ? AND t.shadow_of IS NULL AND f.created <= coalesce(?::timestamptz, 'infinity')
                       AND NOT EXISTS (SELECT FROM feedback_in_force l
                                        WHERE l.trace = f.trace AND l.kind = 'demonstration'
                                          AND (f.author IS NULL AND l.author IS NOT NULL OR l.author IS NOT DISTINCT FROM f.author AND l.id > f.id)
                                          AND l.created <= coalesce(?::timestamptz, 'infinity'))
                     ORDER BY t.id, f.id
                    """)) {
                select.setFetchSize(FETCHED);
                select.setObject(1, useCase);
                select.setObject(2, until == null ? null : until.atOffset(ZoneOffset.UTC));
                select.setObject(3, until == null ? null : until.atOffset(ZoneOffset.UTC));
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        labelled.add(labelled(row));
                    }
                }
            }
            return labelled;
        });
    }

    private static LabelledTrace labelled(ResultSet row) throws SQLException {
        OffsetDateTime occurred = row.getObject(6, OffsetDateTime.class);
        return new LabelledTrace(
                new Trace(
                        row.getObject(1, UUID.class),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        Documents.metadata(row.getString(5)),
                        occurred == null
                                ? null
                                : occurred.withOffsetSameInstant(ZoneOffset.UTC).toInstant(),
                        row.getString(7),
                        row.getString(8),
                        row.getInt(9)),
                row.getString(10));
    }
}
