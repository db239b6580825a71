package dev.hone.store;

import dev.hone.record.ApiKey;
import dev.hone.record.AuditEntry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Keys of callers. */
public final class ApiKeys {
    private static final String SELECT = """
            SELECT k.id, k.name, hash, hint, scopes, p.name, monthly_budget, calls_per_minute, maker, k.created, expires, revoked, use_cases
              FROM api_key k JOIN project p ON p.id = k.project""";

    private final Database database;

    public ApiKeys(Database database) {
        this.database = database;
    }

    /** @throws IllegalArgumentException when a key in force has its name in its project, or there is no such project */
    public void add(ApiKey key) {
        database.inTransaction(connection -> {
            if (!find(connection, key.name(), key.project()).isEmpty()) {
                throw new IllegalArgumentException(
                        "There is a key [%s] in project [%s] already: revoke it first, or choose another name"
                                .formatted(key.name(), key.project()));
            }
            try (PreparedStatement insert = connection.prepareStatement("""
                    INSERT INTO api_key
                           (id, name, hash, hint, scopes, maker, created, expires, project, monthly_budget, calls_per_minute, use_cases)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """)) {
                insert.setObject(1, key.id());
                insert.setString(2, key.name());
                insert.setString(3, key.hash());
                insert.setString(4, key.hint());
                insert.setArray(
                        5,
                        Traces.array(
                                connection,
                                "text",
                                List.copyOf(key.scopes()),
                                scope -> scope.name().toLowerCase(Locale.ROOT)));
                insert.setString(6, key.maker());
                insert.setObject(7, key.created().atOffset(ZoneOffset.UTC));
                insert.setObject(8, key.expires() == null ? null : key.expires().atOffset(ZoneOffset.UTC));
                UUID project = Projects.require(connection, key.project());
                insert.setObject(9, project);
                insert.setBigDecimal(10, key.bounds().monthlyBudget());
                insert.setObject(11, key.bounds().callsPerMinute());
                List<String> useCases =
                        key.bounds().useCases().stream().sorted().toList();
                insert.setArray(12, Traces.array(connection, "text", useCases, useCase -> useCase));
                AuditLog.add(
                        connection,
                        AuditEntry.now(
                                key.maker(),
                                project,
                                "key.add",
                                key.name(),
                                Map.of(
                                        "scopes",
                                        key.scopes().stream().sorted().toList().toString(),
                                        "use cases",
                                        useCases.isEmpty() ? "all" : useCases.toString())));
                return insert.executeUpdate();
            }
        });
    }

    /**
     * Takes a key out of force.
     *
     * @param project whose it is; null where one project alone has such a key
     * @param who does
     * @throws IllegalArgumentException when there is none of that name in force, or several projects have one
     */
    public void revoke(String name, @Nullable String project, Instant when, String who) {
        database.inTransaction(connection -> {
            ApiKey key = require(find(connection, name, project), name, project);
            try (PreparedStatement update =
                    connection.prepareStatement("UPDATE api_key SET revoked = ? WHERE id = ?")) {
                update.setObject(1, when.atOffset(ZoneOffset.UTC));
                update.setObject(2, key.id());
                AuditLog.add(
                        connection,
                        AuditEntry.now(who, Projects.require(connection, key.project()), "key.revoke", name, Map.of()));
                return update.executeUpdate();
            }
        });
    }

    /** All of them, the newest last, with those that are no longer in force. */
    public List<ApiKey> all() {
        return database.inTransaction(connection -> {
            try (PreparedStatement select = connection.prepareStatement(SELECT + " ORDER BY k.id")) {
                return read(select);
            }
        });
    }

    private static ApiKey require(List<ApiKey> found, String name, @Nullable String project) {
        if (found.isEmpty()) {
            throw new IllegalArgumentException("There is no key [%s] in force%s; see hone keys list"
                    .formatted(name, project == null ? "" : " in project [%s]".formatted(project)));
        }
        if (found.size() > 1) {
            throw new IllegalArgumentException("Several projects have a key [%s] in force, %s: say whose by --project"
                    .formatted(name, found.stream().map(ApiKey::project).toList()));
        }
        return found.getFirst();
    }

    /** In force; of all projects where none is named. */
    private static List<ApiKey> find(Connection connection, String name, @Nullable String project) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                SELECT + " WHERE k.name = ? AND p.name = coalesce(?, p.name) AND revoked IS NULL ORDER BY p.name")) {
            select.setString(1, name);
            select.setString(2, project);
            return read(select);
        }
    }

    private static List<ApiKey> read(PreparedStatement select) throws SQLException {
        List<ApiKey> keys = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                keys.add(new ApiKey(
                        row.getObject(1, UUID.class),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        Arrays.stream((String[]) row.getArray(5).getArray())
                                .map(scope -> ApiKey.Scope.valueOf(scope.toUpperCase(Locale.ROOT)))
                                .collect(Collectors.toSet()),
                        row.getString(6),
                        new ApiKey.Bounds(
                                row.getBigDecimal(7), row.getObject(8, Integer.class), Set.copyOf(Arrays.asList((String
                                                [])
                                        row.getArray(13).getArray()))),
                        row.getString(9),
                        row.getObject(10, OffsetDateTime.class).toInstant(),
                        instant(row, 11),
                        instant(row, 12)));
            }
        }
        return keys;
    }

    private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
