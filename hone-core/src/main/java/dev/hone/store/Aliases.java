package dev.hone.store;

import dev.hone.record.AliasChange;
import dev.hone.record.AuditEntry;
import dev.hone.record.Ids;
import dev.hone.record.ModelVersion;
import dev.hone.record.VersionReference;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Names that point at model versions, and the history of every move. */
public final class Aliases {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,62}");

    /** In the audit log, with the move that was forced. */
    private static final String FORCE = "alias.force";

    private final Database database;

    public Aliases(Database database) {
        this.database = database;
    }

    /** @throws IllegalArgumentException when an alias cannot be called so */
    public static String requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "An alias cannot be called [%s]: begin with a small letter, and use small letters, digits and [-], 63 at most"
                            .formatted(name));
        }
        return name;
    }

    /**
     * Points an alias at a version, and writes down who did it; one that points there already is left alone. What {@code live} pointed at before is
     * {@code previous} then.
     *
     * @param version names the version; an alias is taken as what it points at now
     * @param who moves it
     * @return the move that made it point there
     * @throws IllegalArgumentException when there is no such version
     */
    public AliasChange set(VersionReference version, String name, String who) {
        return set(version, name, who, false);
    }

    /**
     * The same past what stands against it, as the audit log says, for as long as the alias is not moved again.
     *
     * @throws IllegalArgumentException when there is no such version
     */
    public AliasChange force(VersionReference version, String name, String who) {
        return set(version, name, who, true);
    }

    private AliasChange set(VersionReference version, String name, String who, boolean force) {
        requireName(name);
        return database.inTransaction(connection -> {
            UUID useCase = lock(connection, version);
            ModelVersion target = ModelVersions.require(connection, version);
            Integer before = number(connection, useCase, name);
            if (before == null || before != target.number()) {
                try (PreparedStatement upsert = connection.prepareStatement("""
                        INSERT INTO alias (use_case, name, version)
                        SELECT use_case, ?, id FROM model_version WHERE id = ?
                        ON CONFLICT (use_case, name) DO UPDATE SET version = excluded.version, changed = now()
                        """)) {
                    upsert.setString(1, name);
                    upsert.setObject(2, target.id());
                    upsert.executeUpdate();
                }
                record(connection, useCase, name, before, target.number(), who);
                if (name.equals(Rollouts.LIVE) && before != null) {
                    // Whoever goes back goes back to what had the calls, however it came to them.
                    previous(connection, useCase, before, who);
                }
            }
            if (force) {
                sayForced(connection, useCase, target, name, who);
            }
            return last(connection, useCase, name);
        });
    }

    private static void sayForced(Connection connection, UUID useCase, ModelVersion target, String name, String who)
            throws SQLException {
        UUID project = Rows.first(
                        connection, "SELECT project FROM use_case WHERE id = ?", row -> Rows.id(row, 1), useCase)
                .orElseThrow();
        Moved moved = moved(connection, useCase, name).orElseThrow();
        AuditLog.add(
                connection,
                AuditEntry.now(
                        who,
                        project,
                        FORCE,
                        target.reference(),
                        Map.of("alias", name, "change", moved.id().toString())));
    }

    /** Whether somebody forced an alias to where it points. A Hone that did not say by which move said so just before it moved it. */
    static boolean isForced(Connection connection, UUID useCase, String name) throws SQLException {
        Optional<Moved> moved = moved(connection, useCase, name);
        // Within a day: clocks of who moves aliases differ.
        return moved.isPresent()
                && Rows.first(
                                connection,
                                """
                                SELECT 1
                                  FROM audit a JOIN use_case u ON u.project = a.project
                                 WHERE u.id = ? AND a.id >= least_id(?::timestamptz - interval '1 day')
                                   AND a.action = ?
                                   AND (a.detail ->> 'change' = ?
                                        OR a.detail ->> 'change' IS NULL AND a.detail ->> 'alias' = ?
                                           AND a.subject = u.name || '/' || ?::text
                                           AND a.at BETWEEN ?::timestamptz - interval '1 minute'
                                                        AND ?::timestamptz + interval '1 minute')
                                 LIMIT 1
                                """,
                                row -> true,
                                useCase,
                                moved.get().at(),
                                FORCE,
                                moved.get().id().toString(),
                                name,
                                String.valueOf(moved.get().number()),
                                moved.get().at(),
                                moved.get().at())
                        .isPresent();
    }

    /** The move that made an alias point where it does. */
    private record Moved(UUID id, Instant at, int number) {}

    /** Both are of one transaction, and so of one time. */
    private static Optional<Moved> moved(Connection connection, UUID useCase, String name) throws SQLException {
        return Rows.first(
                connection, """
                SELECT c.id, c.changed, v.number
                  FROM alias a JOIN model_version v ON v.id = a.version
                  JOIN alias_change c ON c.use_case = a.use_case AND c.name = a.name
                                     AND c.changed = a.changed AND c.number_after = v.number
                 WHERE a.use_case = ? AND a.name = ?
                """, row -> new Moved(Rows.id(row, 1), Rows.time(row, 2), row.getInt(3)), useCase, name);
    }

    /**
     * Removes an alias, and writes down who did it.
     *
     * @throws IllegalArgumentException when there is none
     */
    public AliasChange remove(VersionReference.Aliased alias, String who) {
        return database.inTransaction(connection -> {
            UUID useCase = lock(connection, alias);
            ModelVersion target = ModelVersions.require(connection, alias);
            Rows.change(connection, "DELETE FROM alias WHERE use_case = ? AND name = ?", useCase, alias.alias());
            record(connection, useCase, alias.alias(), target.number(), null, who);
            return last(connection, useCase, alias.alias());
        });
    }

    private static void previous(Connection connection, UUID useCase, int number, String who) throws SQLException {
        List<UUID> version = Rows.list(
                connection,
                "SELECT id FROM model_version WHERE use_case = ? AND number = ?",
                row -> Rows.id(row, 1),
                useCase,
                number);
        point(connection, useCase, Rollouts.PREVIOUS, version.getFirst(), number, who);
    }

    /** Moves of a use case's aliases are one after the other. */
    private static UUID lock(Connection connection, VersionReference version) throws SQLException {
        UUID useCase = UseCases.require(connection, version.useCase(), version.project());
        Rows.first(connection, "SELECT 1 FROM use_case WHERE id = ? FOR UPDATE", row -> true, useCase);
        return useCase;
    }

    /** Points an alias at a version in the transaction of whoever decides on it, who has locked the use case. */
    static void point(Connection connection, UUID useCase, String name, UUID version, int number, String who)
            throws SQLException {
        Integer before = number(connection, useCase, name);
        if (before != null && before == number) {
            return;
        }
        Rows.change(connection, """
                INSERT INTO alias (use_case, name, version) VALUES (?, ?, ?)
                ON CONFLICT (use_case, name) DO UPDATE SET version = excluded.version, changed = now()
                """, useCase, name, version);
        record(connection, useCase, name, before, number, who);
    }

    /** Removes an alias in the transaction of whoever decides on it, who has locked the use case. @param number that it points at */
    static void drop(Connection connection, UUID useCase, String name, int number, String who) throws SQLException {
        Rows.change(connection, "DELETE FROM alias WHERE use_case = ? AND name = ?", useCase, name);
        record(connection, useCase, name, number, null, who);
    }

    private static @Nullable Integer number(Connection connection, UUID useCase, String name) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("""
                SELECT v.number
                  FROM alias a JOIN model_version v ON v.id = a.version
                 WHERE a.use_case = ? AND a.name = ?
                """)) {
            select.setObject(1, useCase);
            select.setString(2, name);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getInt(1) : null;
            }
        }
    }

    private static void record(
            Connection connection,
            UUID useCase,
            String name,
            @Nullable Integer before,
            @Nullable Integer after,
            String who)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("""
                INSERT INTO alias_change (id, use_case, name, number_before, number_after, who)
                VALUES (?, ?, ?, ?, ?, ?)
                """)) {
            insert.setObject(1, Ids.next());
            insert.setObject(2, useCase);
            insert.setString(3, name);
            insert.setObject(4, before);
            insert.setObject(5, after);
            insert.setString(6, who);
            insert.executeUpdate();
        }
    }

    private static AliasChange last(Connection connection, UUID useCase, String name) throws SQLException {
        return changes(connection, useCase).stream()
                .filter(change -> change.alias().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Where an alias points since when. */
    public record Pointed(String useCase, int number, Instant since) {}

    /** Where an alias of each use case of a project points; those that have none are left out. */
    public List<Pointed> pointed(UUID project, String name) {
        return database.inTransaction(connection -> Rows.list(
                connection,
                """
                SELECT u.name, v.number, a.changed
                  FROM alias a JOIN use_case u ON u.id = a.use_case JOIN model_version v ON v.id = a.version
                 WHERE u.project = ? AND a.name = ?
                 ORDER BY u.name
                """,
                row -> new Pointed(row.getString(1), row.getInt(2), Rows.time(row, 3)),
                project,
                name));
    }

    /** Every move of a use case's aliases, the newest first. */
    public List<AliasChange> changes(UUID useCase) {
        return database.inTransaction(connection -> changes(connection, useCase));
    }

    private static List<AliasChange> changes(Connection connection, UUID useCase) throws SQLException {
        List<AliasChange> changes = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement("""
                SELECT u.name, c.name, c.number_before, c.number_after, c.who, c.changed
                  FROM alias_change c JOIN use_case u ON u.id = c.use_case
                 WHERE u.id = ?
                 ORDER BY c.id DESC
                """)) {
            select.setObject(1, useCase);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    changes.add(new AliasChange(
                            row.getString(1),
                            row.getString(2),
                            row.getObject(3, Integer.class),
                            row.getObject(4, Integer.class),
                            row.getString(5),
                            row.getObject(6, OffsetDateTime.class).toInstant()));
                }
            }
        }
        return changes;
    }
}
