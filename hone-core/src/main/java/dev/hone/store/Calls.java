package dev.hone.store;

import dev.hone.record.CapturedCall;
import dev.hone.record.CapturedCall.Attempt;
import dev.hone.record.Ids;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Calls that passed, taken from journals: each once, however often it is written. */
public final class Calls {
    private final Database database;

    public Calls(Database database) {
        this.database = database;
    }

    /**
     * How far a journal has been taken over.
     *
     * @param segment number of its file
     * @param offset in that
     */
    public record Checkpoint(long segment, long offset) {}

    /** Empty for a journal of which nothing was taken over yet. */
    public Optional<Checkpoint> checkpoint(UUID journal) {
        return database.inTransaction(connection -> {
            try (PreparedStatement select = connection.prepareStatement("""
                    SELECT segment, "offset" FROM journal_checkpoint WHERE journal = ?
                    """)) {
                select.setObject(1, journal);
                try (ResultSet row = select.executeQuery()) {
                    return row.next() ? Optional.of(new Checkpoint(row.getLong(1), row.getLong(2))) : Optional.empty();
                }
            }
        });
    }

    /**
     * Stores calls and how far their journal is with them, wholly or not at all; calls that are there already are left alone.
     *
     * @return how many were new
     */
    public int add(UUID journal, Checkpoint checkpoint, List<CapturedCall> calls) {
        return database.inTransaction(connection -> {
            int added = 0;
            if (!calls.isEmpty()) {
                Traces.makeRoom(
                        connection,
                        calls.stream().map(call -> call.facts().id()).toList());
                makeUseCases(connection, calls);
                added = insertTraces(connection, calls);
                insertContents(connection, calls);
                insertAttempts(connection, calls);
            }
            move(connection, journal, checkpoint);
            return added;
        });
    }

    private static void makeUseCases(Connection connection, List<CapturedCall> calls) throws SQLException {
        List<String> names = calls.stream()
                .map(CapturedCall::facts)
                .filter(CapturedCall.Facts::useCase)
                .map(CapturedCall.Facts::route)
                .distinct()
                .sorted()
                .toList();
        try (PreparedStatement insert = connection.prepareStatement("""
                INSERT INTO use_case (id, name) SELECT * FROM unnest(?::uuid[], ?::text[]) ON CONFLICT (name) DO NOTHING
                """)) {
            insert.setArray(1, Traces.array(connection, "uuid", names, name -> Ids.next()));
            insert.setArray(2, Traces.array(connection, "text", names, name -> name));
            insert.executeUpdate();
        }
    }

    private static int insertTraces(Connection connection, List<CapturedCall> calls) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("""
                INSERT INTO trace
                       (id, use_case, occurred, path, model, route, variant, episode, stream, status, ended, first_byte_ms, ms,
                        prompt_tokens, cached_tokens, completion_tokens, api_key)
                SELECT row.id, u.id, occurred::timestamptz, path, model, route, variant, episode, stream, status, ended,
                       first_byte_ms, ms, prompt_tokens, cached_tokens, completion_tokens, api_key
                  FROM unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::boolean[],
                              ?::integer[], ?::text[], ?::float8[], ?::float8[], ?::bigint[], ?::bigint[], ?::bigint[], ?::text[], ?::uuid[])
                    AS row (id, occurred, path, model, route, variant, episode, stream, status, ended, first_byte_ms, ms,
                            prompt_tokens, cached_tokens, completion_tokens, use_case, api_key)
                  LEFT JOIN use_case u ON u.name = row.use_case
                ON CONFLICT (id) DO NOTHING
                """)) {
            insert.setArray(1, facts(connection, "uuid", calls, CapturedCall.Facts::id));
            insert.setArray(
                    2, facts(connection, "text", calls, facts -> facts.started().toString()));
            insert.setArray(3, facts(connection, "text", calls, CapturedCall.Facts::path));
            insert.setArray(4, facts(connection, "text", calls, facts -> Documents.storable(facts.model())));
            insert.setArray(5, facts(connection, "text", calls, facts -> Documents.storable(facts.route())));
            insert.setArray(6, facts(connection, "text", calls, facts -> Documents.storable(facts.variant())));
            insert.setArray(
                    7,
                    facts(
                            connection,
                            "text",
                            calls,
                            facts -> facts.episode() == null ? null : Documents.storable(facts.episode())));
            insert.setArray(8, facts(connection, "boolean", calls, CapturedCall.Facts::stream));
            insert.setArray(9, facts(connection, "integer", calls, CapturedCall.Facts::status));
            insert.setArray(
                    10,
                    facts(connection, "text", calls, facts -> facts.end().name().toLowerCase(Locale.ROOT)));
            insert.setArray(11, facts(connection, "float8", calls, CapturedCall.Facts::firstByteMillis));
            insert.setArray(12, facts(connection, "float8", calls, CapturedCall.Facts::millis));
            insert.setArray(
                    13,
                    facts(connection, "bigint", calls, facts -> facts.usage().prompt()));
            insert.setArray(
                    14,
                    facts(connection, "bigint", calls, facts -> facts.usage().cached()));
            insert.setArray(
                    15,
                    facts(connection, "bigint", calls, facts -> facts.usage().completion()));
            insert.setArray(16, facts(connection, "text", calls, facts -> facts.useCase() ? facts.route() : null));
            insert.setArray(17, facts(connection, "uuid", calls, CapturedCall.Facts::key));
            return insert.executeUpdate();
        }
    }

    private static void insertContents(Connection connection, List<CapturedCall> calls) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("""
                INSERT INTO trace_content (id, request, response)
                SELECT id, request, response FROM unnest(?::uuid[], ?::text[], ?::text[]) AS row (id, request, response)
                ON CONFLICT (id) DO NOTHING
                """)) {
            insert.setArray(1, facts(connection, "uuid", calls, CapturedCall.Facts::id));
            insert.setArray(2, Traces.array(connection, "text", calls, call -> text(call.request())));
            insert.setArray(3, Traces.array(connection, "text", calls, call -> text(call.response())));
            insert.executeUpdate();
        }
    }

    private record Asked(UUID trace, Attempt attempt) {}

    private static void insertAttempts(Connection connection, List<CapturedCall> calls) throws SQLException {
        List<Asked> asked = new ArrayList<>();
        for (CapturedCall call : calls) {
            call.facts()
                    .attempts()
                    .forEach(attempt -> asked.add(new Asked(call.facts().id(), attempt)));
        }
        try (PreparedStatement insert = connection.prepareStatement("""
                INSERT INTO attempt (trace, number, variant, upstream, model, status, trouble, ms)
                SELECT * FROM unnest(?::uuid[], ?::integer[], ?::text[], ?::text[], ?::text[], ?::integer[], ?::text[], ?::float8[])
                ON CONFLICT (trace, number) DO NOTHING
                """)) {
            insert.setArray(1, Traces.array(connection, "uuid", asked, Asked::trace));
            insert.setArray(
                    2,
                    Traces.array(
                            connection, "integer", asked, one -> one.attempt().number()));
            insert.setArray(
                    3,
                    Traces.array(
                            connection,
                            "text",
                            asked,
                            one -> Documents.storable(one.attempt().variant())));
            insert.setArray(
                    4,
                    Traces.array(connection, "text", asked, one -> one.attempt().upstream()));
            insert.setArray(
                    5,
                    Traces.array(
                            connection,
                            "text",
                            asked,
                            one -> Documents.storable(one.attempt().model())));
            insert.setArray(
                    6,
                    Traces.array(
                            connection, "integer", asked, one -> one.attempt().status()));
            insert.setArray(7, Traces.array(connection, "text", asked, one -> trouble(one.attempt())));
            insert.setArray(
                    8,
                    Traces.array(
                            connection, "float8", asked, one -> one.attempt().millis()));
            insert.executeUpdate();
        }
    }

    private static @Nullable String trouble(Attempt attempt) {
        return attempt.trouble() == null ? null : Documents.storable(attempt.trouble());
    }

    private static void move(Connection connection, UUID journal, Checkpoint checkpoint) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("""
                INSERT INTO journal_checkpoint (journal, segment, "offset") VALUES (?, ?, ?)
                ON CONFLICT (journal) DO UPDATE SET segment = excluded.segment, "offset" = excluded."offset", written = now()
                """)) {
            update.setObject(1, journal);
            update.setLong(2, checkpoint.segment());
            update.setLong(3, checkpoint.offset());
            update.executeUpdate();
        }
    }

    private static java.sql.Array facts(
            Connection connection,
            String type,
            List<CapturedCall> calls,
            Function<CapturedCall.Facts, @Nullable Object> value)
            throws SQLException {
        return Traces.array(connection, type, calls, call -> value.apply(call.facts()));
    }

    /** Bytes that are not UTF-8 become U+FFFD, as readers of texts have it. */
    private static String text(byte[] bytes) {
        return Documents.storable(new String(bytes, StandardCharsets.UTF_8));
    }
}
