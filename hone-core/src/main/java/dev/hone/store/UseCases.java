package dev.hone.store;

import dev.hone.record.Ids;
import dev.hone.record.UseCaseName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The use cases by name. */
public final class UseCases {
    private final Database database;

    public UseCases(Database database) {
        this.database = database;
    }

    /** @throws IllegalArgumentException when a use case cannot be called so */
    public static String requireName(String name) {
        return UseCaseName.require(name);
    }

    /** The use case of a name, made if it is new. */
    public UUID obtain(String name) {
        requireName(name);
        return database.inTransaction(connection -> {
            try (PreparedStatement insert = connection.prepareStatement("""
                    INSERT INTO use_case (id, name) VALUES (?, ?) ON CONFLICT (name) DO NOTHING
                    """)) {
                insert.setObject(1, Ids.next());
                insert.setString(2, name);
                insert.executeUpdate();
            }
            return find(connection, name);
        });
    }

    /** @throws IllegalArgumentException when there is none, with those that there are */
    public UUID require(String name) {
        requireName(name);
        return database.inTransaction(connection -> find(connection, name));
    }

    /** The project of a use case; empty where there is no such use case. */
    public Optional<String> project(String name) {
        return database.inTransaction(connection -> {
            try (PreparedStatement select = connection.prepareStatement("""
                    SELECT p.name FROM use_case u JOIN project p ON p.id = u.project WHERE u.name = ?
                    """)) {
                select.setString(1, name);
                try (ResultSet row = select.executeQuery()) {
                    return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
                }
            }
        });
    }

    /** Names of a project's use cases, in order. */
    public List<String> names(UUID project) {
        return database.inTransaction(connection -> Rows.list(
                connection,
                "SELECT name FROM use_case WHERE project = ? ORDER BY name",
                row -> row.getString(1),
                project));
    }

    static UUID find(Connection connection, String name) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT id FROM use_case WHERE name = ?")) {
            select.setString(1, name);
            try (ResultSet row = select.executeQuery()) {
                if (row.next()) {
                    return row.getObject(1, UUID.class);
                }
            }
        }
        throw new IllegalArgumentException(
                "There is no use case [%s], but %s; import one by: hone import --use-case %s FILE.jsonl"
                        .formatted(name, names(connection), name));
    }

    private static List<String> names(Connection connection) throws SQLException {
        List<String> names = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement("SELECT name FROM use_case ORDER BY name");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                names.add(row.getString(1));
            }
        }
        return names;
    }
}
