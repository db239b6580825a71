package dev.hone.store;

import dev.hone.record.Ids;
import dev.hone.record.Project;
import dev.hone.record.UseCaseName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The use cases by name, which is unique within a project. Where no project is named, the name must be one project's alone. */
public final class UseCases {
    private final Database database;

    public UseCases(Database database) {
        this.database = database;
    }

    /**
     * A use case's name.
     *
     * @param project whose it is
     */
    record Named(String useCase, String project) {}

    private record Stored(UUID id, String project) {}

    /** @throws IllegalArgumentException when a use case cannot be called so */
    public static String requireName(String name) {
        return UseCaseName.require(name);
    }

    /** The use case of a name, made in the default project if it is new. */
    public UUID obtain(String name) {
        return obtain(name, null);
    }

    /**
     * The use case of a name, made if it is new.
     *
     * @param project whose; null for the only one that has it, or else the default
     * @throws IllegalArgumentException when there is no such project, or several have it
     */
    public UUID obtain(String name, @Nullable String project) {
        requireName(name);
        return database.inTransaction(connection -> {
            String whose = projectOf(connection, name, project);
            make(connection, List.of(new Named(name, whose)));
            return require(connection, name, whose);
        });
    }

    /** The same, without saying whose. */
    public UUID require(String name) {
        return require(name, null);
    }

    /**
     * The use case of a name.
     *
     * @param project whose; null for the only one that has it
     * @throws IllegalArgumentException when there is none, with those that there are, or several projects have it
     */
    public UUID require(String name, @Nullable String project) {
        requireName(name);
        return database.inTransaction(connection -> require(connection, name, project));
    }

    /**
     * The project of a use case, which need not be there yet.
     *
     * @param project whose; null for the only one that has it, or else the default
     * @throws IllegalArgumentException when there is no such project, or several have it
     */
    public String project(String name, @Nullable String project) {
        return database.inTransaction(connection -> projectOf(connection, name, project));
    }

    /** Whose a use case is, which is there. */
    public UUID projectOf(UUID useCase) {
        return database.inTransaction(connection -> Rows.first(
                        connection, "SELECT project FROM use_case WHERE id = ?", row -> Rows.id(row, 1), useCase)
                .orElseThrow());
    }

    /** Names of a project's use cases, in order. */
    public List<String> names(UUID project) {
        return database.inTransaction(connection -> Rows.list(
                connection,
                "SELECT name FROM use_case WHERE project = ? ORDER BY name",
                row -> row.getString(1),
                project));
    }

    private static String projectOf(Connection connection, String name, @Nullable String project) throws SQLException {
        if (project != null) {
            Projects.require(connection, project);
            return project;
        }
        return only(connection, name).map(Stored::project).orElse(Project.DEFAULT);
    }

    /** Makes those that there are not; their projects are there. */
    static void make(Connection connection, Collection<Named> names) throws SQLException {
        List<Named> sorted = names.stream()
                .distinct()
                .sorted(Comparator.comparing(Named::useCase).thenComparing(Named::project))
                .toList();
        try (PreparedStatement insert = connection.prepareStatement("""
                INSERT INTO use_case (id, name, project)
                SELECT row.id, row.name, p.id
                  FROM unnest(?::uuid[], ?::text[], ?::text[]) AS row (id, name, project)
                  JOIN project p ON p.name = row.project
                ON CONFLICT (project, name) DO NOTHING
                """)) {
            new Columns<>(connection, insert, sorted)
                    .column("uuid", name -> Ids.next())
                    .text(Named::useCase)
                    .text(Named::project);
            insert.executeUpdate();
        }
    }

    /** @param project whose; null for the only one that has it */
    static UUID require(Connection connection, String name, @Nullable String project) throws SQLException {
        Optional<UUID> found = find(connection, name, project);
        if (found.isPresent()) {
            return found.get();
        }
        throw new IllegalArgumentException(
                "There is no use case [%s]%s, but %s; import one by: hone import --use-case %s FILE.jsonl"
                        .formatted(
                                name,
                                project == null ? "" : " in the project [%s]".formatted(project),
                                names(connection, project),
                                name));
    }

    /**
     * Empty where there is none.
     *
     * @param project whose; null for the only one that has it
     * @throws IllegalArgumentException when several projects have it
     */
    static Optional<UUID> find(Connection connection, String name, @Nullable String project) throws SQLException {
        if (project == null) {
            return only(connection, name).map(Stored::id);
        }
        return Rows.first(
                connection,
                "SELECT u.id FROM use_case u JOIN project p ON p.id = u.project WHERE u.name = ? AND p.name = ?",
                row -> Rows.id(row, 1),
                name,
                project);
    }

    private static Optional<Stored> only(Connection connection, String name) throws SQLException {
        List<Stored> found = Rows.list(
                connection,
                "SELECT u.id, p.name FROM use_case u JOIN project p ON p.id = u.project WHERE u.name = ? ORDER BY p.name",
                row -> new Stored(Rows.id(row, 1), row.getString(2)),
                name);
        if (found.size() > 1) {
            List<String> projects = found.stream().map(Stored::project).toList();
            throw new IllegalArgumentException(
                    "The projects %s have a use case [%s] each: say which by --project %s, or by %s:%s in the name of a model version"
                            .formatted(projects, name, projects.getFirst(), projects.getFirst(), name));
        }
        return found.stream().findFirst();
    }

    private static List<String> names(Connection connection, @Nullable String project) throws SQLException {
        return Rows.list(
                connection,
                "SELECT DISTINCT u.name FROM use_case u JOIN project p ON p.id = u.project WHERE p.name = coalesce(?::text, p.name) ORDER BY 1",
                row -> row.getString(1),
                project);
    }
}
