package dev.hone.store;

import dev.hone.record.AnswerLogprob;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Calls that are watched. Nothing here is on the way of a call: traces are read when they are there. */
public final class WatchedCalls {
    /** Who answered where it was none of the versions of one's own, and nobody in place of another. */
    public static final String DECLARED = "declared";

    /** Of a row {@code w}, with who answered bound; nobody knows it of all, and null is whoever did. */
    private static final String ANSWERED = "(w.answered IS NULL OR w.answered = coalesce(?::text, w.answered))";

    /** Of a row {@code w}, with the use case bound: its vector can be compared with the newest. */
    private static final String COMPARABLE = """
            w.input IS NOT NULL
                   AND w.embedder = (SELECT n.embedder FROM watched_call n WHERE n.use_case = ? ORDER BY n.position DESC LIMIT 1)""";

    /** Who answered a trace {@code t}: whoever was asked last and gave no trouble. Under the first two names versions of one's own are asked. */
    private static final String WHO = """
            (SELECT CASE WHEN a.variant IN ('live', 'candidate') AND starts_with(a.model, u.name || '/')
                              AND substr(a.model, length(u.name) + 2) ~ '^[0-9]+$' THEN a.variant || ' ' || a.model
                         WHEN EXISTS (SELECT FROM attempt e WHERE e.trace = a.trace AND e.number < a.number AND e.variant <> a.variant) THEN 'fallback'
                         ELSE 'declared' END
               FROM attempt a JOIN use_case u ON u.id = t.use_case
              WHERE a.trace = t.id AND a.trouble IS NULL
              ORDER BY a.number DESC LIMIT 1)""";

    private final Database database;

    public WatchedCalls(Database database) {
        this.database = database;
    }

    /** Who answered where the live version did. @param version as users write it, which is what whoever asks it calls it */
    public static String live(String version) {
        return Rollouts.LIVE + " " + version;
    }

    /** A trace that could be watched, and when the store had it. */
    public record Stored(UUID trace, Instant recorded) {}

    /**
     * What a trace says.
     *
     * @param request null where it is gone
     * @param response null where it is gone
     * @param logprob of the answer as a whole, where a model of Hone's own gave it; null where nobody said
     * @param other the trace of a copy that another version answered; null for none
     * @param otherResponse what that answered
     */
    public record Said(
            Stored stored,
            @Nullable String request,
            @Nullable String response,
            @Nullable AnswerLogprob logprob,
            @Nullable UUID other,
            @Nullable String otherResponse) {}

    /**
     * A call that is watched.
     *
     * @param sampled whether it is one of the sample; else it is for the queue alone
     * @param drawn whether it is one of those of the sample that versions are judged by
     * @param embedder which made the vector
     * @param input as bytes
     * @param other the copy that was answered otherwise; null for none
     * @param grades by the names of the graders
     */
    public record Watched(
            Stored stored,
            boolean sampled,
            boolean drawn,
            String embedder,
            byte[] input,
            String named,
            int length,
            List<String> offered,
            @Nullable Double uncertainty,
            @Nullable UUID other,
            Map<String, Double> grades) {
        public Watched {
            offered = List.copyOf(offered);
            grades = Map.copyOf(grades);
        }
    }

    /** What is kept of a sampled call. */
    public record Kept(
            UUID trace, long position, Instant recorded, byte[] input, String named, int length, Set<String> offered) {
        public Kept {
            offered = Set.copyOf(offered);
        }
    }

    /**
     * Sampled calls that could be a reference, counted and not read.
     *
     * @param first when the store had the first of them; null where there is none
     * @param from position of the first of them
     * @param to position of the last of them
     */
    public record Collected(long count, @Nullable Instant first, long from, long to) {}

    /**
     * Answered calls that nobody has looked at yet, in the order in which the store had them.
     *
     * @param begin where nobody has looked at any
     * @param settle how long a call must have been there, so that what was stored at the same time, and copies for shadows, are there too
     */
    public List<Stored> next(UUID useCase, Instant begin, Duration settle, int most) {
        return database.inTransaction(connection -> Rows.list(
                connection,
                """
                SELECT t.id, t.recorded
                  FROM trace t
                 WHERE t.use_case = ?
                   AND (t.recorded, t.id) > (coalesce((SELECT p.recorded FROM watch_progress p WHERE p.use_case = ?), ?::timestamptz),
                                             coalesce((SELECT p.trace FROM watch_progress p WHERE p.use_case = ?),
                                                      '00000000-0000-0000-0000-000000000000'))
                   AND t.recorded <= now() - make_interval(secs => ?)
                   AND t.shadow_of IS NULL AND coalesce(t.ended, 'answered') = 'answered'
                 ORDER BY t.recorded, t.id
                 LIMIT ?
                """,
                WatchedCalls::stored,
                useCase,
                useCase,
                begin,
                useCase,
                settle.toMillis() / 1e3,
                most));
    }

    private static Stored stored(ResultSet row) throws SQLException {
        return new Stored(Rows.id(row, 1), Rows.time(row, 2));
    }

    /** Up to when calls were looked at; empty where nobody has. */
    public Optional<Instant> progress(UUID useCase) {
        return database.inTransaction(connection -> Rows.first(
                connection,
                "SELECT recorded FROM watch_progress WHERE use_case = ?",
                row -> Rows.time(row, 1),
                useCase));
    }

    /** How many calls the store had since a time. */
    public long recordedSince(UUID useCase, Instant since) {
        return count(
                "SELECT count(*) FROM trace WHERE use_case = ? AND recorded >= ? AND shadow_of IS NULL",
                useCase,
                since);
    }

    /** What made the vectors of the newest calls; empty where none is watched. */
    public Optional<String> embedder(UUID useCase) {
        return database.inTransaction(connection -> Rows.first(
                connection,
                "SELECT embedder FROM watched_call WHERE use_case = ? ORDER BY position DESC LIMIT 1",
                row -> row.getString(1),
                useCase));
    }

    /** How many sampled calls were taken in since a time. */
    public long watchedSince(UUID useCase, Instant since) {
        return count(
                "SELECT count(*) FROM watched_call WHERE use_case = ? AND watched >= ? AND sampled", useCase, since);
    }

    /** How many calls are sampled in all. */
    public long count(UUID useCase) {
        return count("SELECT count(*) FROM watched_call WHERE use_case = ? AND sampled", useCase);
    }

    private long count(String sql, @Nullable Object... values) {
        return database.inTransaction(connection ->
                Rows.first(connection, sql, row -> row.getLong(1), values).orElse(0L));
    }

    /**
     * What some traces say, in their order.
     *
     * @param longest bytes of a body; what is longer is left out
     */
    public List<Said> said(List<Stored> traces, int longest) {
        return database.inTransaction(connection -> {
            try (PreparedStatement select = connection.prepareStatement("""
                    SELECT row.id, row.recorded::timestamptz,
                           CASE WHEN octet_length(c.request) <= ? THEN c.request END,
                           CASE WHEN octet_length(c.response) <= ? THEN c.response END,
                           a.logprob, a.answer_tokens,
                           s.id, CASE WHEN octet_length(s.response) <= ? THEN s.response END
                      FROM unnest(?::uuid[], ?::text[]) WITH ORDINALITY AS row (id, recorded, place)
                      LEFT JOIN trace_content c ON c.id = row.id
                      LEFT JOIN LATERAL (SELECT p.logprob, p.answer_tokens FROM attempt p
                                          WHERE p.trace = row.id AND p.trouble IS NULL
                                          ORDER BY p.number DESC LIMIT 1) AS a ON true
                      LEFT JOIN LATERAL (SELECT t.id, o.response FROM trace t JOIN trace_content o ON o.id = t.id
                                          WHERE t.shadow_of = row.id AND t.ended = 'answered'
                                          ORDER BY t.id LIMIT 1) AS s ON true
                     ORDER BY row.place
                    """)) {
                select.setInt(1, longest);
                select.setInt(2, longest);
                select.setInt(3, longest);
                select.setArray(4, Traces.array(connection, "uuid", traces, Stored::trace));
                select.setArray(
                        5,
                        Traces.array(
                                connection,
                                "text",
                                traces,
                                one -> one.recorded().toString()));
                List<Said> said = new ArrayList<>();
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        said.add(new Said(
                                stored(row),
                                row.getString(3),
                                row.getString(4),
                                AskedServers.logprob(row, 5),
                                row.getObject(7, UUID.class),
                                row.getString(8)));
                    }
                }
                return said;
            }
        });
    }

    /**
     * Keeps calls with their grades, each once, and how far all were looked at, wholly or not at all: whoever dies before it begins again there.
     *
     * @param last up to which everything was looked at; null where that does not move
     * @return how many were new
     */
    public int add(UUID useCase, List<Watched> calls, Instant now, @Nullable Stored last) {
        return database.inTransaction(connection -> {
            int added = 0;
            for (Watched call : calls) {
                added += add(connection, useCase, call, now);
            }
            if (last != null) {
                Rows.change(connection, """
                        INSERT INTO watch_progress (use_case, recorded, trace) VALUES (?, ?, ?)
                        ON CONFLICT (use_case) DO UPDATE SET recorded = excluded.recorded, trace = excluded.trace
                         WHERE (watch_progress.recorded, watch_progress.trace) < (excluded.recorded, excluded.trace)
                        """, useCase, last.recorded(), last.trace());
            }
            return added;
        });
    }

    /** A trace that went meanwhile is left out. */
    private static int add(Connection connection, UUID useCase, Watched call, Instant now) throws SQLException {
        int added = Rows.change(
                connection,
                """
                INSERT INTO watched_call
                       (trace, use_case, sampled, drawn, recorded, watched, embedder, input, named, length, offered, uncertainty, other, answered)
                SELECT t.id, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::float8, ?::uuid, %s
                  FROM trace t WHERE t.id = ?
                ON CONFLICT (trace) DO NOTHING
                """.formatted(WHO),
                useCase,
                call.sampled(),
                call.drawn(),
                call.stored().recorded(),
                now,
                call.embedder(),
                call.input(),
                Documents.storable(call.named()),
                call.length(),
                Traces.array(connection, "text", call.offered(), Documents::storable),
                call.uncertainty(),
                call.other(),
                call.stored().trace());
        if (added > 0) {
            for (Map.Entry<String, Double> grade : call.grades().entrySet()) {
                WatchedGrades.add(connection, call.stored().trace(), grade.getKey(), grade.getValue());
            }
        }
        return added;
    }

    /** Forgets the vectors of calls whose content is gone. */
    public int forget(UUID useCase) {
        return database.inTransaction(connection -> Rows.change(connection, """
                UPDATE watched_call w SET input = NULL
                 WHERE w.use_case = ? AND w.input IS NOT NULL AND NOT EXISTS (SELECT FROM trace_content c WHERE c.id = w.trace)
                """, useCase));
    }

    /**
     * Sampled calls of some positions, in their order.
     *
     * @param embedder that made their vectors
     * @param answered who answered them, as far as that is known; null for whoever did
     */
    public List<Kept> kept(UUID useCase, String embedder, long from, long to, @Nullable String answered) {
        return database.inTransaction(connection -> Rows.list(
                connection,
                """
                SELECT w.trace, w.position, w.recorded, w.input, w.named, w.length, w.offered
                  FROM watched_call w
                 WHERE w.use_case = ? AND w.sampled AND w.embedder = ? AND w.input IS NOT NULL AND w.position BETWEEN ? AND ? AND %s
                 ORDER BY w.position
                """.formatted(ANSWERED),
                row -> new Kept(
                        Rows.id(row, 1),
                        row.getLong(2),
                        Rows.time(row, 3),
                        row.getBytes(4),
                        row.getString(5),
                        row.getInt(6),
                        texts(row.getArray(7))),
                useCase,
                embedder,
                from,
                to,
                answered));
    }

    /** How many sampled calls of some positions have vectors of what made the newest. @param answered who did; null for whoever */
    public long comparable(UUID useCase, long from, long to, @Nullable String answered) {
        return count("""
                SELECT count(*) FROM watched_call w
                 WHERE w.use_case = ? AND w.sampled AND w.position BETWEEN ? AND ?
                   AND %s AND %s
                """.formatted(ANSWERED, COMPARABLE), useCase, from, to, answered, useCase);
    }

    /**
     * What of the sampled calls can be compared with the newest. No vector is read.
     *
     * @param answered who answered them, as far as that is known
     * @param from position from which on
     * @param since when the store had them at the earliest
     * @param most so many of the newest
     */
    public Collected collected(UUID useCase, String answered, long from, Instant since, long most) {
        return database.inTransaction(connection -> Rows.first(
                        connection,
                        """
                        SELECT count(*), min(c.recorded), coalesce(min(c.position), 0), coalesce(max(c.position), 0)
                          FROM (SELECT w.recorded, w.position FROM watched_call w
                                 WHERE w.use_case = ? AND w.sampled AND w.position >= ? AND w.recorded >= ?
                                   AND %s AND %s
                                 ORDER BY w.position DESC
                                 LIMIT ?) AS c
                        """.formatted(ANSWERED, COMPARABLE),
                        row -> new Collected(row.getLong(1), Rows.timeOrNull(row, 2), row.getLong(3), row.getLong(4)),
                        useCase,
                        from,
                        since,
                        answered,
                        useCase,
                        most)
                .orElseThrow());
    }

    /** The position of the last sampled call that somebody answered; 0 where there is none. */
    public long lastOf(UUID useCase, String answered) {
        return count(
                "SELECT coalesce(max(position), 0) FROM watched_call WHERE use_case = ? AND sampled AND answered = ?",
                useCase,
                answered);
    }

    /** Whether so many sampled calls came after a position and somebody answered none of the newest of them, as far as that is known. */
    public boolean isSilent(UUID useCase, long after, String answered, int newest) {
        return count("""
                SELECT count(*) FILTER (WHERE w.answered <> ?)
                  FROM (SELECT answered FROM watched_call WHERE use_case = ? AND sampled AND position > ? ORDER BY position DESC LIMIT ?) AS w
                """, answered, useCase, after, newest) == newest;
    }

    static Set<String> texts(java.sql.Array array) throws SQLException {
        return Set.copyOf(Arrays.asList((String[]) array.getArray()));
    }
}
