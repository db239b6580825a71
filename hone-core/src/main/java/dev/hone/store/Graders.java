package dev.hone.store;

import dev.hone.record.Ids;
import dev.hone.record.StoredGrader;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Definitions of good. One that is changed is another, under the same name. */
public final class Graders {
    private final Database database;

    public Graders(Database database) {
        this.database = database;
    }

    /**
     * The grader of a definition, stored if it is new. The order of keys makes no other definition.
     *
     * @throws StoreException when the definition is no JSON object
     */
    public UUID obtain(UUID useCase, StoredGrader grader) {
        return database.inTransaction(connection -> {
            try (PreparedStatement insert = connection.prepareStatement("""
                    WITH given AS (
                        SELECT ?::uuid AS id, ?::uuid AS use_case, ?::text AS name, ?::text AS kind, ?::jsonb AS definition
                    ), made AS (
                        INSERT INTO grader (id, use_case, name, kind, definition, hash)
                        SELECT id, use_case, name, kind, definition,
                               encode(sha256(convert_to(kind || E'\\n' || definition::text, 'UTF8')), 'hex')
                          FROM given
                        ON CONFLICT (use_case, name, hash) DO NOTHING
                    )
                    SELECT encode(sha256(convert_to(kind || E'\\n' || definition::text, 'UTF8')), 'hex') FROM given
                    """);
                    PreparedStatement select = connection.prepareStatement(
                            "SELECT id FROM grader WHERE use_case = ? AND name = ? AND hash = ?")) {
                insert.setObject(1, Ids.next());
                insert.setObject(2, useCase);
                insert.setString(3, grader.name());
                insert.setString(4, grader.kind());
                insert.setString(5, grader.definition());
                select.setObject(1, useCase);
                select.setString(2, grader.name());
                try (ResultSet given = insert.executeQuery()) {
                    given.next();
                    select.setString(3, given.getString(1));
                }
                try (ResultSet row = select.executeQuery()) {
                    row.next();
                    return row.getObject(1, UUID.class);
                }
            }
        });
    }

    /** The graders of a use case, by name, the newest first. */
    public List<StoredGrader> list(UUID useCase) {
        return database.inTransaction(connection -> {
            List<StoredGrader> graders = new ArrayList<>();
            try (PreparedStatement select = connection.prepareStatement("""
                    SELECT name, kind, definition FROM grader WHERE use_case = ? ORDER BY name, id DESC
                    """)) {
                select.setObject(1, useCase);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        graders.add(new StoredGrader(row.getString(1), row.getString(2), row.getString(3)));
                    }
                }
            }
            return graders;
        });
    }
}
