package dev.hone.store;

import dev.hone.record.AuditEntry;
import dev.hone.record.LiveSwitch;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** How people turned the live versions of use cases off and on: gateways that share a database follow the newest turn. */
public final class LiveSwitches {
    private final Database database;

    public LiveSwitches(Database database) {
        this.database = database;
    }

    /** Keeps a turn that calls follow already, once, with an entry in the audit log. */
    public void add(UUID useCase, LiveSwitch turn) {
        database.inTransaction(connection -> {
            int fresh = Rows.change(
                    connection,
                    "INSERT INTO live_switch (id, use_case, off, who, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
                    turn.id(),
                    useCase,
                    turn.off(),
                    Documents.storable(turn.who()),
                    turn.at());
            if (fresh == 1) {
                List<String> name = Rows.list(
                        connection, "SELECT name FROM use_case WHERE id = ?", row -> row.getString(1), useCase);
                UUID project = Rows.first(
                                connection,
                                "SELECT project FROM use_case WHERE id = ?",
                                row -> Rows.id(row, 1),
                                useCase)
                        .orElseThrow();
                AuditLog.add(
                        connection,
                        new AuditEntry(
                                turn.id(),
                                turn.at(),
                                turn.who(),
                                project,
                                turn.off() ? "live.stop" : "live.resume",
                                name.getFirst(),
                                Map.of()));
            }
            return fresh;
        });
    }

    /** The one that holds; empty where nobody ever turned it. */
    public Optional<LiveSwitch> last(UUID useCase) {
        return database.inTransaction(connection -> Rows.first(
                connection,
                "SELECT id, off, who, at FROM live_switch WHERE use_case = ? ORDER BY at DESC, id DESC LIMIT 1",
                LiveSwitches::turn,
                useCase));
    }

    /** Turns of a time, the oldest first. */
    public List<LiveSwitch> within(UUID useCase, Instant from, Instant to) {
        return database.inTransaction(connection -> Rows.list(
                connection,
                "SELECT id, off, who, at FROM live_switch WHERE use_case = ? AND at >= ? AND at < ? ORDER BY at, id",
                LiveSwitches::turn,
                useCase,
                from,
                to));
    }

    private static LiveSwitch turn(ResultSet row) throws SQLException {
        return new LiveSwitch(Rows.id(row, 1), row.getBoolean(2), row.getString(3), Rows.time(row, 4));
    }
}
