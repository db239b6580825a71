package dev.hone.store;

import dev.hone.record.StoredTrace;
import dev.hone.record.StoredTrace.Call;
import dev.hone.record.StoredTrace.Row;
import dev.hone.record.StoredTrace.Said;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Stores traces that a store had before, each as it was, with what came back on it: what is there already is left alone. */
public final class TraceRestore {
    private final Database database;

    public TraceRestore(Database database) {
        this.database = database;
    }

    /**
     * What was new.
     *
     * @param feedback also on traces that were there
     * @param over calls that were left out, since retention has dropped the month in which they were made
     */
    public record Added(int traces, int feedback, Map<UUID, YearMonth> over) {
        public Added {
            over = Map.copyOf(over);
        }
    }

    /**
     * Stores a batch wholly or not at all. A trace is known by its identifier; an imported row also by its content and by what the
     * product calls it. Projects and use cases are made where there are none of the name. A call of a month that retention has dropped is
     * left out: the sums by day have it already. An imported row is in no such sum, and never dropped.
     */
    public Added add(List<StoredTrace> batch) {
        Room.make(database, batch.stream().map(StoredTrace::id).toList());
        return database.inTransaction(connection -> {
            alone(connection);
            Projects.make(connection, batch.stream().map(StoredTrace::project).toList());
            makeUseCases(connection, batch);
            Set<UUID> known = known(connection, batch);
            Set<String> contents = new HashSet<>();
            Map<UUID, YearMonth> over = over(connection, batch, known);
            List<StoredTrace> fresh = batch.stream()
                    .filter(trace -> !over.containsKey(trace.id()))
                    .filter(trace -> known.add(trace.id()))
                    .filter(trace -> trace.row() == null
                            || contents.add(trace.useCase() + " " + trace.row().contentHash()))
                    .toList();
            Traces.makeRoom(connection, fresh.stream().map(StoredTrace::id).toList());
            insertTraces(connection, fresh);
            IdTimes.note(connection, began(fresh));
            insertRows(connection, fresh);
            insertContents(connection, fresh);
            AskedServers.insert(
                    connection,
                    fresh.stream()
                            .flatMap(trace -> AskedServers.of(trace.id(), trace.attempts()))
                            .toList());
            List<UUID> ids = fresh.stream().map(StoredTrace::id).toList();
            bookSpend(connection, ids);
            Usage.bookCalls(connection, ids);
            return new Added(fresh.size(), insertFeedback(connection, batch), over);
        });
    }

    private static Map<UUID, YearMonth> over(Connection connection, List<StoredTrace> batch, Set<UUID> known)
            throws SQLException {
        return DroppedMonths.of(
                connection,
                batch.stream()
                        .filter(trace -> trace.call() != null && !known.contains(trace.id()))
                        .map(StoredTrace::id)
                        .toList());
    }

    /** Imported rows are looked for by when they were imported, which is the time of their identifiers. */
    private static List<IdTimes.Began> began(List<StoredTrace> fresh) {
        List<IdTimes.Began> began = new ArrayList<>();
        for (StoredTrace trace : fresh) {
            if (trace.call() != null && trace.occurred() != null) {
                began.add(new IdTimes.Began(trace.id(), trace.occurred()));
            }
        }
        return began;
    }

    /** Two at once would not see each other's rows. */
    private static void alone(Connection connection) throws SQLException {
        try (Statement lock = connection.createStatement()) {
            lock.execute("SELECT pg_advisory_xact_lock(hashtext('hone trace restore'))");
        }
    }

    private static void makeUseCases(Connection connection, List<StoredTrace> batch) throws SQLException {
        List<UseCases.Named> names = new ArrayList<>();
        for (StoredTrace trace : batch) {
            if (trace.useCase() != null) {
                names.add(new UseCases.Named(trace.useCase(), trace.project()));
            }
        }
        UseCases.make(connection, names);
    }

    private static Set<UUID> known(Connection connection, List<StoredTrace> batch) throws SQLException {
        Set<UUID> known = new HashSet<>();
        try (PreparedStatement select = connection.prepareStatement("""
                SELECT row.id
                  FROM unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[]) AS row (id, project, use_case, hash, external_id)
                 WHERE EXISTS (SELECT FROM trace t WHERE t.id = row.id)
                    OR EXISTS (SELECT FROM imported i
                                 JOIN use_case u ON u.id = i.use_case AND u.name = row.use_case
                                 JOIN project p ON p.id = u.project AND p.name = row.project
                                WHERE i.content_hash = row.hash OR i.external_id = row.external_id)
                """)) {
            new Columns<>(connection, select, batch)
                    .column("uuid", StoredTrace::id)
                    .text(StoredTrace::project)
                    .text(StoredTrace::useCase)
                    .text(of(StoredTrace::row, Row::contentHash))
                    .text(of(StoredTrace::row, Row::externalId));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    known.add(Rows.id(row, 1));
                }
            }
        }
        return known;
    }

    private static <A, B, C> Function<A, @Nullable C> of(
            Function<A, @Nullable B> part, Function<B, @Nullable C> value) {
        return whole -> {
            B found = part.apply(whole);
            return found == null ? null : value.apply(found);
        };
    }

    private static <C> Function<StoredTrace, @Nullable C> call(Function<Call, @Nullable C> value) {
        return of(StoredTrace::call, value);
    }

    private static void insertTraces(Connection connection, List<StoredTrace> fresh) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("""
                INSERT INTO trace
                       (id, project, use_case, metadata, occurred, recorded, path, model, route, variant, episode, stream, status, ended,
                        first_byte_ms, ms, prompt_tokens, cached_tokens, completion_tokens, cost, currency, api_key, end_user,
                        configuration, shadow_of)
                SELECT row.id, p.id, u.id, metadata::jsonb, occurred::timestamptz, recorded::timestamptz, path, model, route, variant,
                       episode, stream, status, ended, first_byte_ms, ms, prompt_tokens, cached_tokens, completion_tokens, cost,
                       currency, api_key, end_user, configuration, shadow_of
                  FROM unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                              ?::text[], ?::text[], ?::boolean[], ?::integer[], ?::text[], ?::float8[], ?::float8[], ?::bigint[],
                              ?::bigint[], ?::bigint[], ?::numeric[], ?::text[], ?::uuid[], ?::text[], ?::text[], ?::uuid[])
                    AS row (id, project, use_case, metadata, occurred, recorded, path, model, route, variant, episode, stream, status,
                            ended, first_byte_ms, ms, prompt_tokens, cached_tokens, completion_tokens, cost, currency, api_key,
                            end_user, configuration, shadow_of)
                  JOIN project p ON p.name = row.project
                  LEFT JOIN use_case u ON u.name = row.use_case AND u.project = p.id
                """)) {
            new Columns<>(connection, insert, fresh)
                    .column("uuid", StoredTrace::id)
                    .text(StoredTrace::project)
                    .text(StoredTrace::useCase)
                    .text(trace -> Documents.text(trace.metadata()))
                    .text(of(StoredTrace::occurred, Object::toString))
                    .text(trace -> trace.recorded().toString())
                    .text(call(Call::path))
                    .text(call(Call::model))
                    .text(call(Call::route))
                    .text(call(Call::variant))
                    .text(call(Call::episode))
                    .truth(call(Call::stream))
                    .integer(call(Call::status))
                    .text(call(call -> call.ended().name().toLowerCase(Locale.ROOT)))
                    .number(call(Call::firstByteMillis))
                    .number(call(Call::millis))
                    .bigint(call(call -> call.usage().prompt()))
                    .bigint(call(call -> call.usage().cached()))
                    .bigint(call(call -> call.usage().completion()))
                    .column(
                            "numeric",
                            call(call ->
                                    call.cost() == null ? null : call.cost().amount()))
                    .text(call(call -> call.cost() == null ? null : call.cost().currency()))
                    .column("uuid", call(Call::key))
                    .text(call(Call::endUser))
                    .text(call(Call::configuration))
                    .column("uuid", call(Call::shadowOf));
            insert.executeUpdate();
        }
    }

    private record Imported(StoredTrace trace, Row row) {}

    private static void insertRows(Connection connection, List<StoredTrace> fresh) throws SQLException {
        List<Imported> imported = new ArrayList<>();
        for (StoredTrace trace : fresh) {
            if (trace.row() != null) {
                imported.add(new Imported(trace, trace.row()));
            }
        }
        try (PreparedStatement insert = connection.prepareStatement("""
                INSERT INTO imported (trace, use_case, content_hash, external_id, source, line)
                SELECT row.id, t.use_case, hash, external_id, source, line
                  FROM unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::integer[]) AS row (id, hash, external_id, source, line)
                  JOIN trace t ON t.id = row.id
                """)) {
            new Columns<>(connection, insert, imported)
                    .column("uuid", one -> one.trace().id())
                    .text(one -> one.row().contentHash())
                    .text(one -> one.row().externalId())
                    .text(one -> one.row().source())
                    .integer(one -> one.row().line());
            insert.executeUpdate();
        }
    }

    private static void insertContents(Connection connection, List<StoredTrace> fresh) throws SQLException {
        List<StoredTrace> said =
                fresh.stream().filter(trace -> trace.request() != null).toList();
        try (PreparedStatement insert = connection.prepareStatement("""
                INSERT INTO trace_content (id, request, response) SELECT * FROM unnest(?::uuid[], ?::text[], ?::text[])
                """)) {
            new Columns<>(connection, insert, said)
                    .column("uuid", StoredTrace::id)
                    .text(StoredTrace::request)
                    .text(StoredTrace::response);
            insert.executeUpdate();
        }
    }

    private static void bookSpend(Connection connection, List<UUID> ids) throws SQLException {
        Rows.change(connection, """
                INSERT INTO key_spend AS k (api_key, month, currency, amount)
                SELECT api_key, date_trunc('month', occurred AT TIME ZONE 'UTC')::date, currency, sum(cost)
                  FROM trace
                 WHERE id = ANY (?) AND api_key IS NOT NULL AND cost IS NOT NULL
                 GROUP BY 1, 2, 3
                 ORDER BY 1, 2, 3
                ON CONFLICT (api_key, month, currency) DO UPDATE SET amount = k.amount + excluded.amount
                """, Traces.array(connection, "uuid", ids, id -> id));
    }

    private record On(StoredTrace trace, Said said) {}

    private static int insertFeedback(Connection connection, List<StoredTrace> batch) throws SQLException {
        List<On> all = new ArrayList<>();
        for (StoredTrace trace : batch) {
            for (Said said : trace.feedback()) {
                all.add(new On(trace, said));
            }
        }
        if (all.isEmpty()) {
            return 0;
        }
        List<UUID> added = new ArrayList<>();
        try (PreparedStatement insert = connection.prepareStatement("""
                INSERT INTO feedback
                       (id, project, trace, use_case, episode, kind, name, value, score, author, occurred, created, caller_id,
                        fingerprint, api_key, configuration, day, route, variant)
                SELECT row.id, p.id, CASE WHEN row.episode IS NULL THEN t.id END, t.use_case, row.episode, kind, row.name, value::json,
                       score, author, row.occurred::timestamptz, row.created::timestamptz, caller_id, fingerprint, row.api_key,
                       row.configuration,
                       trace_day(t.id, t.occurred), coalesce(t.route, u.name, ''), coalesce(t.variant, '')
                  FROM unnest(?::uuid[], ?::text[], ?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::float8[], ?::text[],
                              ?::text[], ?::text[], ?::text[], ?::text[], ?::uuid[], ?::text[])
                    AS row (id, project, trace, episode, kind, name, value, score, author, occurred, created, caller_id, fingerprint,
                            api_key, configuration)
                  JOIN project p ON p.name = row.project
                  JOIN trace t ON t.id = row.trace AND t.project = p.id
                  LEFT JOIN use_case u ON u.id = t.use_case
                 ORDER BY row.id
                ON CONFLICT DO NOTHING
                RETURNING id
                """)) {
            new Columns<>(connection, insert, all)
                    .column("uuid", on -> on.said().id())
                    .text(on -> on.trace().project())
                    .column("uuid", on -> on.trace().id())
                    .text(on -> on.said().episode())
                    .text(on -> on.said().kind().word())
                    .text(on -> on.said().name())
                    .text(on -> on.said().value())
                    .number(on -> on.said().score())
                    .text(on -> on.said().author())
                    .text(on -> on.said().occurred() == null
                            ? null
                            : on.said().occurred().toString())
                    .text(on -> on.said().created().toString())
                    .text(on -> on.said().callerId())
                    .text(on -> on.said().fingerprint())
                    .column("uuid", on -> on.said().key())
                    .text(on -> on.said().configuration());
            try (ResultSet row = insert.executeQuery()) {
                while (row.next()) {
                    added.add(Rows.id(row, 1));
                }
            }
        }
        Usage.bookFeedback(connection, added);
        return added.size();
    }
}
