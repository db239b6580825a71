package dev.hone.store;

import dev.hone.store.WatchedCalls.Stored;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Calls that an expert could be asked about: which are taken in for that, and what is known of them. Copies for shadows are none: no user saw them. */
public final class WaitingCalls {
    private final Database database;

    public WaitingCalls(Database database) {
        this.database = database;
    }

    /** Values of feedback that mean that something was bad. @param name of the metric */
    public record Complaint(String name, double least, double most) {}

    /**
     * A call that could be labelled.
     *
     * @param input null where there is none
     * @param embedder which made it
     * @param other the copy that was answered otherwise; null for none
     * @param grade the lowest; null where there is none
     * @param labelledBy people who said what is right, on the page or elsewhere; votes are none
     * @param skippedBy people who skipped it, or voted between two answers alone
     * @param drawn whether versions are to be judged by it, and nobody who was asked has answered
     */
    public record Candidate(
            UUID trace,
            Instant recorded,
            byte @Nullable [] input,
            String embedder,
            @Nullable Double uncertainty,
            @Nullable UUID other,
            @Nullable Double grade,
            boolean complained,
            Set<String> labelledBy,
            Set<String> skippedBy,
            boolean drawn) {
        public Candidate {
            labelledBy = Set.copyOf(labelledBy);
            skippedBy = Set.copyOf(skippedBy);
        }
    }

    private static final String OF_USERS =
            "t.use_case = ? AND t.recorded >= ? AND t.shadow_of IS NULL AND coalesce(t.ended, 'answered') = 'answered'";

    /** Calls that somebody complained about and that are not watched yet, the newest first. @param since recorded */
    public List<Stored> complained(UUID useCase, Instant since, List<Complaint> complaints, int most) {
        return database.inTransaction(connection -> {
            try (PreparedStatement select = connection.prepareStatement("""
                    SELECT t.id, t.recorded
                      FROM trace t
                     WHERE %s
                       AND NOT EXISTS (SELECT FROM watched_call w WHERE w.trace = t.id)
                       AND EXISTS (SELECT FROM feedback_in_force f JOIN unnest(?::text[], ?::float8[], ?::float8[]) AS c (name, least, most)
                                       ON c.name = f.name AND f.score BETWEEN c.least AND c.most
                                    WHERE f.trace = t.id)
                     ORDER BY t.recorded DESC, t.id DESC
                     LIMIT ?
                    """.formatted(OF_USERS))) {
                select.setObject(1, useCase);
                select.setObject(2, since.atOffset(ZoneOffset.UTC));
                complaints(connection, select, 3, complaints);
                select.setInt(6, most);
                List<Stored> found = new ArrayList<>();
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        found.add(new Stored(Rows.id(row, 1), Rows.time(row, 2)));
                    }
                }
                return found;
            }
        });
    }

    /** Calls that a copy answered too, whose answers nobody has compared yet; the newest first. @param since recorded */
    public List<Stored> copied(UUID useCase, Instant since, int most) {
        return database.inTransaction(connection -> Rows.list(
                connection,
                """
                SELECT t.id, t.recorded
                  FROM trace t
                  LEFT JOIN watched_call w ON w.trace = t.id
                 WHERE %s AND w.other IS NULL
                   AND EXISTS (SELECT FROM trace s
                                WHERE s.shadow_of = t.id AND s.ended = 'answered'
                                  AND s.recorded > coalesce(w.compared, w.watched, '-infinity'))
                 ORDER BY t.recorded DESC, t.id DESC
                 LIMIT ?
                """.formatted(OF_USERS),
                row -> new Stored(Rows.id(row, 1), Rows.time(row, 2)),
                useCase,
                since,
                most));
    }

    /** Writes down that the answers of a call that is watched and of its copy were compared. @param other the copy, where it was answered otherwise */
    public void compared(UUID trace, @Nullable UUID other, Instant now) {
        database.inTransaction(connection -> Rows.change(
                connection,
                "UPDATE watched_call SET compared = ?, other = coalesce(other, ?::uuid) WHERE trace = ?",
                now,
                other,
                trace));
    }

    private static void complaints(
            Connection connection, PreparedStatement statement, int from, List<Complaint> complaints)
            throws SQLException {
        statement.setArray(from, Traces.array(connection, "text", complaints, Complaint::name));
        statement.setArray(from + 1, Traces.array(connection, "float8", complaints, Complaint::least));
        statement.setArray(from + 2, Traces.array(connection, "float8", complaints, Complaint::most));
    }

    private static final String DRAWN = """
            (w.drawn AND NOT EXISTS (SELECT FROM label l WHERE l.trace = w.trace AND l.undone IS NULL AND l.kind = 'demonstration'))
            """;
    private static final String SELECT = """
            SELECT w.trace, w.recorded, w.input, w.embedder, w.uncertainty, w.other,
                   (SELECT min(g.score) FROM watched_grade g WHERE g.trace = w.trace),
                   EXISTS (SELECT FROM feedback_in_force f JOIN unnest(?::text[], ?::float8[], ?::float8[]) AS c (name, least, most)
                               ON c.name = f.name AND f.score BETWEEN c.least AND c.most
                            WHERE f.trace = w.trace) AS complained,
                   ARRAY(SELECT l.person FROM label l WHERE l.trace = w.trace AND l.undone IS NULL AND l.kind = 'demonstration'
                         UNION
                         SELECT coalesce(f.author, '') FROM demonstration_in_force f
                          WHERE f.trace = w.trace AND NOT EXISTS (SELECT FROM label l WHERE l.trace = w.trace AND l.feedback = f.caller_id)),
                   ARRAY(SELECT DISTINCT l.person FROM label l
                          WHERE l.trace = w.trace AND l.undone IS NULL AND l.kind IN ('skip', 'tie', 'preference')),
                   %s AS drawn,
                   w.sampled, w.position
              FROM watched_call w
             WHERE w.use_case = ? AND w.recorded >= ?
               AND EXISTS (SELECT FROM trace_content c WHERE c.id = w.trace)
            """.formatted(DRAWN);
    private static final String LABELLED = """
            (EXISTS (SELECT FROM label l WHERE l.trace = w.trace AND l.undone IS NULL AND l.kind = 'demonstration')
             OR EXISTS (SELECT FROM demonstration_in_force f WHERE f.trace = w.trace))
            """;

    /**
     * Calls of which nobody has said yet what is right: those with a complaint first, then those that a copy answered otherwise, then the newest. What was taken
     * in for the queue alone, and is neither any more, is left out. Calls that were drawn stand among the newest, whatever is known of them, until somebody who was
     * asked has answered.
     *
     * @param from how many to leave out
     */
    public List<Candidate> unlabelled(UUID useCase, Instant since, List<Complaint> complaints, int from, int most) {
        return candidates(
                "SELECT * FROM (" + SELECT + " AND (" + DRAWN + " OR NOT " + LABELLED
                        + ")) AS one WHERE (sampled OR other IS NOT NULL OR complained)"
                        + " ORDER BY complained AND NOT drawn DESC, other IS NULL OR drawn, position DESC LIMIT ? OFFSET ?",
                useCase,
                since,
                complaints,
                from,
                most);
    }

    /** Calls of which somebody has said what is right, the newest first. */
    public List<Candidate> labelled(UUID useCase, Instant since, List<Complaint> complaints, int most) {
        return candidates(
                SELECT + " AND " + LABELLED + " ORDER BY w.position DESC LIMIT ? OFFSET ?",
                useCase,
                since,
                complaints,
                0,
                most);
    }

    private List<Candidate> candidates(
            String sql, UUID useCase, Instant since, List<Complaint> complaints, int from, int most) {
        return database.inTransaction(connection -> {
            try (PreparedStatement select = connection.prepareStatement(sql)) {
                complaints(connection, select, 1, complaints);
                select.setObject(4, useCase);
                select.setObject(5, since.atOffset(ZoneOffset.UTC));
                select.setInt(6, most);
                select.setInt(7, from);
                List<Candidate> found = new ArrayList<>();
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        found.add(new Candidate(
                                Rows.id(row, 1),
                                Rows.time(row, 2),
                                row.getBytes(3),
                                row.getString(4),
                                row.getObject(5, Double.class),
                                row.getObject(6, UUID.class),
                                row.getObject(7, Double.class),
                                row.getBoolean(8),
                                WatchedCalls.texts(row.getArray(9)),
                                WatchedCalls.texts(row.getArray(10)),
                                row.getBoolean(11)));
                    }
                }
                return found;
            }
        });
    }

    /** What people say is right of some traces, each person's last, as messages. */
    public Map<UUID, List<String>> answers(List<UUID> traces) {
        Map<UUID, List<String>> answers = new HashMap<>();
        database.inTransaction(connection -> Rows.list(
                        connection,
                        "SELECT trace, value FROM demonstration_in_force WHERE trace = ANY (?) ORDER BY trace, id",
                        row -> Map.entry(Rows.id(row, 1), row.getString(2)),
                        Traces.array(connection, "uuid", traces, trace -> trace)))
                .forEach(one -> answers.computeIfAbsent(one.getKey(), trace -> new ArrayList<>())
                        .add(one.getValue()));
        return answers;
    }
}
