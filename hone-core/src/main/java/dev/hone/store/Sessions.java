package dev.hone.store;

import dev.hone.record.Person;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Who is signed in. What a cookie says is not kept, its SHA-256 is. */
public final class Sessions {
    /** That somebody was seen is written down so often at most. */
    private static final Duration WRITTEN = Duration.ofMinutes(1);

    private final Database database;

    public Sessions(Database database) {
        this.database = database;
    }

    /** Begins one, and removes those that have expired. */
    public void begin(String hash, UUID person, Instant now, Instant expires) {
        database.inTransaction(connection -> {
            Rows.change(connection, "DELETE FROM session WHERE expires <= ?", now);
            return Rows.change(
                    connection,
                    "INSERT INTO session (hash, person, created, expires, last_seen) VALUES (?, ?, ?, ?, ?)",
                    hash,
                    person,
                    now,
                    expires,
                    now);
        });
    }

    /**
     * Whose session it is, seen now; empty when it has expired, nobody was seen in it for too long, or its person is disabled.
     *
     * @param idle how long nobody need be seen
     */
    public Optional<Person> find(String hash, Instant now, Duration idle) {
        return database.inTransaction(connection -> {
            Optional<UUID> id = person(connection, hash, now, idle);
            if (id.isEmpty()) {
                return Optional.empty();
            }
            Rows.change(
                    connection,
                    "UPDATE session SET last_seen = ? WHERE hash = ? AND last_seen < ?",
                    now,
                    hash,
                    now.minus(WRITTEN));
            return People.find(connection, id.get());
        });
    }

    /** The same, without anybody being seen. */
    public Optional<Person> look(String hash, Instant now, Duration idle) {
        return database.inTransaction(connection -> {
            Optional<UUID> id = person(connection, hash, now, idle);
            return id.isEmpty() ? Optional.empty() : People.find(connection, id.get());
        });
    }

    private static Optional<UUID> person(Connection connection, String hash, Instant now, Duration idle)
            throws SQLException {
        return Rows.first(connection, """
                SELECT p.id
                  FROM session s JOIN person p ON p.id = s.person
                 WHERE s.hash = ? AND s.expires > ? AND s.last_seen > ? AND p.disabled IS NULL
                """, row -> Rows.id(row, 1), hash, now, now.minus(idle));
    }

    public void end(String hash) {
        database.inTransaction(connection -> Rows.change(connection, "DELETE FROM session WHERE hash = ?", hash));
    }
}
