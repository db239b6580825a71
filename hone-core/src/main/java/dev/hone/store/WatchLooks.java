package dev.hone.store;

import dev.hone.record.Ids;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Against what production is held, and what looks at it found. */
public final class WatchLooks {
    private final Database database;

    public WatchLooks(Database database) {
        this.database = database;
    }

    /**
     * Calls of some positions, which later ones are held against.
     *
     * @param answered who answered them, as {@link WatchedCalls} says it; null for whoever did
     * @param why it was taken
     */
    public record Reference(
            UUID id, long from, long to, @Nullable String answered, Instant taken, String who, String why) {}

    /** A look. @param found a JSON object */
    public record Stored(UUID id, UUID reference, Instant at, boolean drifted, String found) {}

    /** The reference that counts; empty as long as there is none. */
    public Optional<Reference> reference(UUID useCase) {
        return database.inTransaction(connection -> Rows.first(
                connection,
                """
                SELECT id, from_position, to_position, answered, taken, who, why FROM watch_reference
                 WHERE use_case = ? ORDER BY id DESC LIMIT 1
                """,
                row -> new Reference(
                        Rows.id(row, 1),
                        row.getLong(2),
                        row.getLong(3),
                        row.getString(4),
                        Rows.time(row, 5),
                        row.getString(6),
                        row.getString(7)),
                useCase));
    }

    /** From now on calls are held against these. @param answered who answered them; null for whoever did */
    public Reference take(
            UUID useCase, long from, long to, @Nullable String answered, Instant taken, String who, String why) {
        Reference reference = new Reference(Ids.next(), from, to, answered, taken, who, why);
        return database.inTransaction(connection -> {
            Rows.change(
                    connection, """
                    INSERT INTO watch_reference (id, use_case, from_position, to_position, answered, taken, who, why)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """, reference.id(), useCase, from, to, answered, taken, who, Documents.storable(why));
            return reference;
        });
    }

    /** @param found a JSON object */
    public void add(UUID useCase, UUID reference, Instant at, boolean drifted, String found) {
        database.inTransaction(connection -> Rows.change(
                connection,
                "INSERT INTO watch_look (id, use_case, reference, at, drifted, found) VALUES (?, ?, ?, ?, ?, ?::json)",
                Ids.next(),
                useCase,
                reference,
                at,
                drifted,
                Documents.storable(found)));
    }

    /** Looks against a reference, the newest first. */
    public List<Stored> looks(UUID useCase, UUID reference, int most) {
        return database.inTransaction(
                connection -> Rows.list(connection, """
                SELECT id, reference, at, drifted, found FROM watch_look
                 WHERE use_case = ? AND reference = ? ORDER BY id DESC LIMIT ?
                """, WatchLooks::stored, useCase, reference, most));
    }

    /** The newest look against a reference that found drift; empty where none did. */
    public Optional<Stored> drifted(UUID useCase, UUID reference) {
        return database.inTransaction(
                connection -> Rows.first(connection, """
                SELECT id, reference, at, drifted, found FROM watch_look
                 WHERE use_case = ? AND reference = ? AND drifted ORDER BY id DESC LIMIT 1
                """, WatchLooks::stored, useCase, reference));
    }

    /**
     * A version that users are answered by.
     *
     * @param since when it became that
     * @param learned when the dataset was made that it learned from; null where nobody knows of one
     */
    public record Live(int number, Instant since, @Nullable Instant learned) {
        /** Whether it became live after a time, and learned from a dataset that was made after it. */
        public boolean isNewAt(Instant time) {
            return since.isAfter(time) && learned != null && learned.isAfter(time);
        }
    }

    /** The live version; empty where there is none. */
    public Optional<Live> live(UUID useCase) {
        return database.inTransaction(connection -> Rows.first(
                connection,
                """
                SELECT v.number, a.changed, d.created
                  FROM alias a
                  JOIN model_version v ON v.id = a.version
                  JOIN run r ON r.id = v.run
                  LEFT JOIN dataset d ON d.id = r.dataset
                 WHERE a.use_case = ? AND a.name = ?
                """,
                row -> new Live(row.getInt(1), Rows.time(row, 2), Rows.timeOrNull(row, 3)),
                useCase,
                Rollouts.LIVE));
    }

    /** When drift was first found against a reference; empty where it was not. */
    public Optional<Instant> firstDrift(UUID useCase, UUID reference) {
        return database.inTransaction(connection -> Rows.first(
                connection,
                "SELECT at FROM watch_look WHERE use_case = ? AND reference = ? AND drifted ORDER BY id LIMIT 1",
                row -> Rows.time(row, 1),
                useCase,
                reference));
    }

    /**
     * One thing that looks found changed.
     *
     * @param of what, such as {@code inputs: clusters}
     * @param change in words, as the last of them had it
     * @param first of them
     * @param last of them
     * @param looks how many found it so and had anything new
     */
    public record Changed(String of, String change, Instant first, Instant last, int looks) {}

    /** What looks of a time found to have drifted, against whichever reference, each thing once; what was seen last comes first. */
    public List<Changed> driftedWithin(UUID useCase, Instant from, Instant to) {
        return changedWithin(
                "SELECT l.id, l.at, f ->> 'of' AS what, f ->> 'change' AS change, f ->> 'drifted' = 'true' AS found",
                useCase,
                from,
                to);
    }

    /** The same of what had changed for the better, and not drifted. */
    public List<Changed> improvedWithin(UUID useCase, Instant from, Instant to) {
        return changedWithin(
                "SELECT l.id, l.at, f ->> 'of' AS what, f ->> 'better' AS change, f ->> 'better' IS NOT NULL AND f ->> 'drifted' = 'false' AS found",
                useCase,
                from,
                to);
    }

    private List<Changed> changedWithin(String findings, UUID useCase, Instant from, Instant to) {
        return database.inTransaction(connection -> Rows.list(
                connection,
                """
                SELECT what, (array_agg(change ORDER BY id DESC))[1], min(at), max(at), count(*)
                  FROM (%s
                          FROM watch_look l, json_array_elements(l.found -> 'findings') AS f
                         WHERE l.use_case = ? AND l.at >= ? AND l.at < ?) AS finding
                 WHERE found
                 GROUP BY what
                 ORDER BY max(at) DESC, what
                """.formatted(findings),
                row -> new Changed(
                        row.getString(1), row.getString(2), Rows.time(row, 3), Rows.time(row, 4), row.getInt(5)),
                useCase,
                from,
                to));
    }

    private static Stored stored(ResultSet row) throws SQLException {
        return new Stored(Rows.id(row, 1), Rows.id(row, 2), Rows.time(row, 3), row.getBoolean(4), row.getString(5));
    }
}
