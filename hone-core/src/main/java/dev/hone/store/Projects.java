package dev.hone.store;

import dev.hone.record.Ids;
import dev.hone.record.Project;
import dev.hone.record.UseCaseName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The parts of the installation that do not see each other's rows. */
public final class Projects {
    private final Database database;

    public Projects(Database database) {
        this.database = database;
    }

    /**
     * Makes one.
     *
     * @throws IllegalArgumentException when it is there already, or cannot be called so
     */
    public Project add(String name) {
        UseCaseName.require(name);
        return database.inTransaction(connection -> {
            if (make(connection, List.of(name)) == 0) {
                throw new IllegalArgumentException("There is a project [%s] already".formatted(name));
            }
            return read(connection).stream()
                    .filter(project -> project.name().equals(name))
                    .findFirst()
                    .orElseThrow();
        });
    }

    /** All of them, by name. */
    public List<Project> all() {
        return database.inTransaction(Projects::read);
    }

    /** The project of a name; empty where there is none. */
    public Optional<UUID> find(String name) {
        return database.inTransaction(connection ->
                Rows.first(connection, "SELECT id FROM project WHERE name = ?", row -> Rows.id(row, 1), name));
    }

    /** Makes those that there are not. @return how many */
    static int make(Connection connection, Collection<String> names) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("""
                INSERT INTO project (id, name) SELECT * FROM unnest(?::uuid[], ?::text[]) ON CONFLICT (name) DO NOTHING
                """)) {
            List<String> sorted = names.stream().distinct().sorted().toList();
            insert.setArray(1, Traces.array(connection, "uuid", sorted, name -> Ids.next()));
            insert.setArray(2, Traces.array(connection, "text", sorted, name -> name));
            return insert.executeUpdate();
        }
    }

    /** @throws IllegalArgumentException when there is none of that name, with those that there are */
    static UUID require(Connection connection, String name) throws SQLException {
        List<Project> projects = read(connection);
        return projects.stream()
                .filter(project -> project.name().equals(name))
                .map(Project::id)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "There is no project [%s], but %s; make it by: hone projects add %s"
                                .formatted(
                                        name,
                                        projects.stream().map(Project::name).toList(),
                                        name)));
    }

    private static List<Project> read(Connection connection) throws SQLException {
        List<Project> projects = new ArrayList<>();
        try (PreparedStatement select =
                        connection.prepareStatement("SELECT id, name, created FROM project ORDER BY name");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                projects.add(new Project(
                        row.getObject(1, UUID.class),
                        row.getString(2),
                        row.getObject(3, OffsetDateTime.class).toInstant()));
            }
        }
        return projects;
    }
}
