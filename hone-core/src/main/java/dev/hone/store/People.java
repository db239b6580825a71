package dev.hone.store;

import dev.hone.record.AuditEntry;
import dev.hone.record.Ids;
import dev.hone.record.Person;
import dev.hone.record.Person.Membership;
import dev.hone.record.Role;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** People who see pages, and their roles. Every change stands in the audit log. */
public final class People {
    private static final String SELECT = """
            SELECT p.id, p.name, p.created, p.disabled, j.id, j.name, m.role
              FROM person p LEFT JOIN membership m ON m.person = p.id LEFT JOIN project j ON j.id = m.project
            """;
    private static final String ORDER = " ORDER BY p.name, j.name";

    private final Database database;

    public People(Database database) {
        this.database = database;
    }

    /**
     * What somebody signs in with.
     *
     * @param hash of the password, as Argon2id writes it
     */
    public record Credentials(UUID person, String hash, boolean disabled) {
        @Override
        public String toString() {
            return "Credentials[" + person + "]";
        }
    }

    /**
     * Makes a person with a role in a project.
     *
     * @param hash of the password, as Argon2id writes it
     * @param who makes them
     * @throws IllegalArgumentException when there is a person of that name, or no such project
     */
    public void add(String name, String hash, String project, Role role, String who) {
        Person.requireName(name);
        database.inTransaction(connection -> {
            UUID in = Projects.require(connection, project);
            UUID id = Ids.next();
            int added = Rows.change(
                    connection,
                    "INSERT INTO person (id, name, password) VALUES (?, ?, ?) ON CONFLICT (name) DO NOTHING",
                    id,
                    name,
                    hash);
            if (added == 0) {
                throw new IllegalArgumentException(
                        "There is a person [%s] already: choose another name".formatted(name));
            }
            grant(connection, id, in, role);
            AuditLog.add(connection, AuditEntry.now(who, in, "person.add", name, Map.of("role", role.text())));
            return id;
        });
    }

    /**
     * Gives somebody a role in a project, in place of the one that they had there.
     *
     * @throws IllegalArgumentException when there is no such person or project
     */
    public void grant(String name, String project, Role role, String who) {
        database.inTransaction(connection -> {
            UUID in = Projects.require(connection, project);
            grant(connection, find(connection, name), in, role);
            AuditLog.add(connection, AuditEntry.now(who, in, "person.role", name, Map.of("role", role.text())));
            return in;
        });
    }

    /**
     * Takes somebody out of a project.
     *
     * @throws IllegalArgumentException when they are not in it
     */
    public void remove(String name, String project, String who) {
        database.inTransaction(connection -> {
            UUID in = Projects.require(connection, project);
            int removed = Rows.change(
                    connection,
                    "DELETE FROM membership WHERE project = ? AND person = (SELECT id FROM person WHERE name = ?)",
                    in,
                    name);
            if (removed == 0) {
                throw new IllegalArgumentException("Nobody called [%s] is in [%s]".formatted(name, project));
            }
            AuditLog.add(connection, AuditEntry.now(who, in, "person.remove", name, Map.of()));
            return in;
        });
    }

    /**
     * Lets somebody in no more, and ends their sessions.
     *
     * @throws IllegalArgumentException when there is no such person who may sign in
     */
    public void disable(String name, Instant when, String who) {
        database.inTransaction(connection -> {
            UUID id = find(connection, name);
            int changed = Rows.change(
                    connection, "UPDATE person SET disabled = ? WHERE id = ? AND disabled IS NULL", when, id);
            if (changed == 0) {
                throw new IllegalArgumentException("[%s] is disabled already".formatted(name));
            }
            endSessions(connection, id);
            AuditLog.add(connection, AuditEntry.now(who, null, "person.disable", name, Map.of()));
            return id;
        });
    }

    /**
     * Gives somebody a new password, and ends their sessions; who was disabled may sign in again.
     *
     * @throws IllegalArgumentException when there is no such person
     */
    public void password(String name, String hash, String who) {
        database.inTransaction(connection -> {
            UUID id = find(connection, name);
            Rows.change(connection, "UPDATE person SET password = ?, disabled = NULL WHERE id = ?", hash, id);
            endSessions(connection, id);
            AuditLog.add(connection, AuditEntry.now(who, null, "person.password", name, Map.of()));
            return id;
        });
    }

    /** By name. */
    public List<Person> all() {
        return database.inTransaction(connection -> people(connection, SELECT + ORDER));
    }

    /** Who is in a project, with what they are there alone. */
    public List<Person> members(UUID project) {
        return database.inTransaction(
                connection -> people(connection, SELECT + " WHERE m.project = ?" + ORDER, project));
    }

    /** Empty when there is no person of that name. */
    public Optional<Credentials> credentials(String name) {
        return database.inTransaction(connection -> Rows.first(
                connection,
                "SELECT id, password, disabled IS NOT NULL FROM person WHERE name = ?",
                row -> new Credentials(Rows.id(row, 1), row.getString(2), row.getBoolean(3)),
                name));
    }

    static Optional<Person> find(Connection connection, UUID id) throws SQLException {
        return people(connection, SELECT + " WHERE p.id = ?" + ORDER, id).stream()
                .findFirst();
    }

    private static UUID find(Connection connection, String name) throws SQLException {
        return Rows.first(connection, "SELECT id FROM person WHERE name = ?", row -> Rows.id(row, 1), name)
                .orElseThrow(() ->
                        new IllegalArgumentException("There is no person [%s]; see hone people list".formatted(name)));
    }

    private static void grant(Connection connection, UUID person, UUID project, Role role) throws SQLException {
        Rows.change(connection, """
                INSERT INTO membership (person, project, role) VALUES (?, ?, ?)
                ON CONFLICT (person, project) DO UPDATE SET role = excluded.role
                """, person, project, role.text());
    }

    private static void endSessions(Connection connection, UUID person) throws SQLException {
        Rows.change(connection, "DELETE FROM session WHERE person = ?", person);
    }

    /** A person without their memberships, beside one of them. */
    private record Row(Person person, @Nullable Membership membership) {}

    private static List<Person> people(Connection connection, String sql, @Nullable Object... values)
            throws SQLException {
        Map<UUID, Person> people = new LinkedHashMap<>();
        for (Row row : Rows.list(connection, sql, People::row, values)) {
            List<Membership> memberships = new ArrayList<>(
                    people.getOrDefault(row.person().id(), row.person()).memberships());
            if (row.membership() != null) {
                memberships.add(row.membership());
            }
            Person person = row.person();
            people.put(
                    person.id(),
                    new Person(person.id(), person.name(), person.created(), person.disabled(), memberships));
        }
        return List.copyOf(people.values());
    }

    private static Row row(ResultSet row) throws SQLException {
        UUID project = row.getObject(5, UUID.class);
        return new Row(
                new Person(Rows.id(row, 1), row.getString(2), Rows.time(row, 3), Rows.timeOrNull(row, 4), List.of()),
                project == null
                        ? null
                        : new Membership(
                                project,
                                row.getString(6),
                                Role.valueOf(row.getString(7).toUpperCase(Locale.ROOT))));
    }
}
