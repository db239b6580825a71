package dev.hone.store;

import dev.hone.record.CapturedCall;
import dev.hone.record.CapturedCall.Facts;
import dev.hone.record.Feedback;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.YearMonth;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Calls that passed, taken from journals: each once, however often it is written. */
public final class Calls {
    private static final Feedbacks.Ruling NOTHING = new Feedbacks.Ruling() {
        @Override
        public Optional<String> objection(Feedback feedback, @Nullable String useCase) {
            return Optional.empty();
        }

        @Override
        public void aside(Feedback feedback, String why) {}
    };

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

    /**
     * What was new.
     *
     * @param over calls that were left out, since retention has dropped the month in which they were made
     */
    public record Added(int calls, Map<UUID, YearMonth> over) {
        public Added {
            over = Map.copyOf(over);
        }

        /** Both. */
        public Added plus(Added other) {
            Map<UUID, YearMonth> all = new HashMap<>(over);
            all.putAll(other.over());
            return new Added(calls + other.calls(), all);
        }

        /** The months of those that were left out, in their order. */
        public List<YearMonth> overMonths() {
            return over.values().stream().distinct().sorted().toList();
        }
    }

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
        return add(journal, checkpoint, calls, List.of(), NOTHING).calls();
    }

    /**
     * Stores calls, then feedback, and how far their journal is with them, wholly or not at all. A call that was told of, and may have been
     * before, is left out where retention has dropped its month: the sums by day have it already. One that passed is new.
     */
    public Added add(
            UUID journal,
            Checkpoint checkpoint,
            List<CapturedCall> calls,
            List<Feedback> feedback,
            Feedbacks.Ruling ruling) {
        Room.make(database, ids(calls));
        return database.inTransaction(connection -> {
            Added added = insert(connection, calls, call -> call.facts().path().equals(CapturedCall.TOLD));
            if (!feedback.isEmpty()) {
                Feedbacks.insert(connection, feedback, ruling);
            }
            move(connection, journal, checkpoint);
            return added;
        });
    }

    /**
     * Stores calls that did not come by way of a journal, wholly or not at all; those that are there already are left alone, and those of a
     * month that retention has dropped are left out.
     */
    public Added add(List<CapturedCall> calls) {
        Room.make(database, ids(calls));
        return database.inTransaction(connection -> insert(connection, calls, call -> true));
    }

    private static List<UUID> ids(List<CapturedCall> calls) {
        return calls.stream().map(call -> call.facts().id()).toList();
    }

    /** @param perhapsAgain whether a call may have been stored before, and have gone since */
    private static Added insert(Connection connection, List<CapturedCall> all, Predicate<CapturedCall> perhapsAgain)
            throws SQLException {
        Map<UUID, CapturedCall> once = new LinkedHashMap<>();
        all.forEach(call -> once.putIfAbsent(call.facts().id(), call));
        Map<UUID, YearMonth> over =
                over(connection, once.values().stream().filter(perhapsAgain).toList());
        List<CapturedCall> calls = once.values().stream()
                .filter(call -> !over.containsKey(call.facts().id()))
                .toList();
        if (calls.isEmpty()) {
            return new Added(0, over);
        }
        Traces.makeRoom(connection, ids(calls));
        Projects.make(
                connection,
                calls.stream().map(call -> call.facts().origin().project()).toList());
        UseCases.make(
                connection,
                calls.stream()
                        .map(CapturedCall::facts)
                        .filter(CapturedCall.Facts::useCase)
                        .map(facts ->
                                new UseCases.Named(facts.route(), facts.origin().project()))
                        .toList());
        Set<UUID> fresh = insertTraces(connection, calls);
        List<CapturedCall> added =
                calls.stream().filter(call -> fresh.contains(call.facts().id())).toList();
        IdTimes.note(
                connection,
                added.stream()
                        .map(call -> new IdTimes.Began(
                                call.facts().id(), call.facts().started()))
                        .toList());
        insertContents(connection, added);
        AskedServers.insert(
                connection,
                added.stream()
                        .flatMap(call ->
                                AskedServers.of(call.facts().id(), call.facts().attempts()))
                        .toList());
        KeySpend.add(connection, added);
        Usage.bookCalls(connection, fresh);
        return new Added(added.size(), over);
    }

    /** Those of a month that is gone, but for what is there all the same. */
    private static Map<UUID, YearMonth> over(Connection connection, List<CapturedCall> calls) throws SQLException {
        if (calls.isEmpty()) {
            return Map.of();
        }
        Map<UUID, YearMonth> over = DroppedMonths.of(
                connection, calls.stream().map(call -> call.facts().id()).toList());
        if (!over.isEmpty()) {
            Rows.list(
                            connection,
                            "SELECT id FROM trace WHERE id = ANY (?)",
                            row -> Rows.id(row, 1),
                            Traces.array(connection, "uuid", List.copyOf(over.keySet()), id -> id))
                    .forEach(over::remove);
        }
        return over;
    }

    /** @return those that are new */
    private static Set<UUID> insertTraces(Connection connection, List<CapturedCall> calls) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("""
                INSERT INTO trace
                       (id, use_case, project, occurred, path, model, route, variant, stream, status, ended, first_byte_ms, ms,
                        prompt_tokens, cached_tokens, completion_tokens, cost, currency, api_key, episode, end_user, metadata,
                        configuration, shadow_of)
                SELECT row.id, u.id, p.id, occurred::timestamptz, path, model, route, variant, stream, status, ended, first_byte_ms, ms,
                       prompt_tokens, cached_tokens, completion_tokens, cost, currency, api_key, episode, end_user, tags::jsonb,
                       configuration, shadow_of
                  FROM unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                              ?::boolean[], ?::integer[], ?::text[], ?::float8[], ?::float8[], ?::bigint[], ?::bigint[], ?::bigint[],
                              ?::numeric[], ?::text[], ?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::uuid[])
                    AS row (id, use_case, project, occurred, path, model, route, variant, stream, status, ended, first_byte_ms, ms,
                            prompt_tokens, cached_tokens, completion_tokens, cost, currency, api_key, episode, end_user, tags,
                            configuration, shadow_of)
                  JOIN project p ON p.name = row.project
                  LEFT JOIN use_case u ON u.name = row.use_case AND u.project = p.id
                ON CONFLICT (id) DO NOTHING
                RETURNING id
                """)) {
            new Columns<>(
                            connection,
                            insert,
                            calls.stream().map(CapturedCall::facts).toList())
                    .column("uuid", Facts::id)
                    .text(facts -> facts.useCase() ? facts.route() : null)
                    .text(facts -> facts.origin().project())
                    .text(facts -> facts.started().toString())
                    .text(Facts::path)
                    .text(Facts::model)
                    .text(Facts::route)
                    .text(Facts::variant)
                    .truth(Facts::stream)
                    .integer(Facts::status)
                    .text(facts -> facts.end().name().toLowerCase(Locale.ROOT))
                    .number(Facts::firstByteMillis)
                    .number(facts -> Double.isNaN(facts.millis()) ? null : facts.millis())
                    .bigint(facts -> facts.usage().prompt())
                    .bigint(facts -> facts.usage().cached())
                    .bigint(facts -> facts.usage().completion())
                    .column(
                            "numeric",
                            facts -> facts.cost() == null ? null : facts.cost().amount())
                    .text(facts -> facts.cost() == null ? null : facts.cost().currency())
                    .column("uuid", facts -> facts.origin().key())
                    .text(facts -> facts.origin().episode())
                    .text(facts -> facts.origin().endUser())
                    .text(facts -> tags(facts.origin().tags()))
                    .text(facts -> facts.origin().configuration())
                    .column("uuid", facts -> facts.origin().shadowOf());
            Set<UUID> fresh = new HashSet<>();
            try (ResultSet row = insert.executeQuery()) {
                while (row.next()) {
                    fresh.add(row.getObject(1, UUID.class));
                }
            }
            return fresh;
        }
    }

    private static void insertContents(Connection connection, List<CapturedCall> calls) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("""
                INSERT INTO trace_content (id, request, response)
                SELECT id, request, response FROM unnest(?::uuid[], ?::text[], ?::text[]) AS row (id, request, response)
                """)) {
            new Columns<>(connection, insert, calls)
                    .column("uuid", call -> call.facts().id())
                    .text(call -> text(call.request()))
                    .text(call -> text(call.response()));
            insert.executeUpdate();
        }
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

    private static String tags(Map<String, String> tags) {
        ObjectNode object = JsonMapper.shared().createObjectNode();
        tags.forEach((name, value) -> object.put(Documents.storable(name), Documents.storable(value)));
        return object.toString();
    }

    /** Bytes that are not UTF-8 become U+FFFD, as readers of texts have it. */
    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
