package dev.hone.store;

import dev.hone.record.Ids;
import java.util.Optional;
import java.util.UUID;

/** What {@code hone advise} said, as it was written. */
public final class AdviceList {
    private final Database database;

    public AdviceList(Database database) {
        this.database = database;
    }

    /** @param report a JSON object */
    public UUID add(UUID project, String report) {
        UUID id = Ids.next();
        database.inTransaction(connection -> Rows.change(
                connection,
                "INSERT INTO advice (id, project, report) VALUES (?, ?, ?::json)",
                id,
                project,
                Documents.storable(report)));
        return id;
    }

    /** The newest of a project; empty where there is none. */
    public Optional<String> newest(UUID project) {
        return database.inTransaction(connection -> Rows.first(
                connection,
                "SELECT report FROM advice WHERE project = ? ORDER BY id DESC LIMIT 1",
                row -> row.getString(1),
                project));
    }
}
