package dev.hone.store;

import dev.hone.record.AuditEntry;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Who did what. Entries are added and never changed or removed. */
public final class AuditLog {
    private final Database database;

    public AuditLog(Database database) {
        this.database = database;
    }

    public void add(AuditEntry entry) {
        database.inTransaction(connection -> {
            add(connection, entry);
            return entry;
        });
    }

    /** All or none. */
    public void addAll(List<AuditEntry> entries) {
        database.inTransaction(connection -> {
            for (AuditEntry entry : entries) {
                add(connection, entry);
            }
            return entries;
        });
    }

    /** In the transaction that does what it says. */
    static void add(Connection connection, AuditEntry entry) throws SQLException {
        Rows.change(
                connection,
                "INSERT INTO audit (id, at, who, project, action, subject, detail) VALUES (?, ?, ?, ?, ?, ?, ?::jsonb)",
                entry.id(),
                entry.at(),
                Documents.storable(entry.who()),
                entry.project(),
                entry.action(),
                Documents.storable(entry.subject()),
                detail(entry));
    }

    private static String detail(AuditEntry entry) {
        Map<String, String> storable = new HashMap<>();
        entry.detail().forEach((name, value) -> storable.put(name, Documents.storable(value)));
        return Documents.text(storable);
    }

    /**
     * Of a project, with when its people came and went; the newest first.
     *
     * @param before only older ones; null for the newest
     */
    public List<AuditEntry> page(UUID project, @Nullable UUID before, int most) {
        return database.inTransaction(
                connection -> Rows.list(connection, """
                SELECT id, at, who, project, action, subject, detail
                  FROM audit
                 WHERE (project = ?
                        OR project IS NULL AND (action LIKE 'session.%' OR action LIKE 'person.%')
                           AND CASE WHEN action LIKE 'session.%' THEN who ELSE subject END
                               IN (SELECT p.name FROM person p JOIN membership m ON m.person = p.id WHERE m.project = ?))
                   AND (?::uuid IS NULL OR id < ?)
                 ORDER BY id DESC
                 LIMIT ?
                """, AuditLog::entry, project, project, before, before, most));
    }

    /**
     * What somebody did a thing to that is of no project, such as signing in; that of last first, each once.
     *
     * @param since no earlier
     */
    public List<String> subjects(String who, String action, Instant since, int most) {
        return database.inTransaction(connection ->
                Rows.list(connection, """
                SELECT subject
                  FROM audit
                 WHERE project IS NULL AND id >= least_id(?) AND at >= ? AND who = ? AND action = ?
                 GROUP BY subject
                 ORDER BY max(at) DESC
                 LIMIT ?
                """, row -> row.getString(1), since.minusSeconds(60), since, who, action, most));
    }

    private static AuditEntry entry(ResultSet row) throws SQLException {
        return new AuditEntry(
                Rows.id(row, 1),
                Rows.time(row, 2),
                row.getString(3),
                row.getObject(4, UUID.class),
                row.getString(5),
                row.getString(6),
                Documents.metadata(row.getString(7)));
    }
}
