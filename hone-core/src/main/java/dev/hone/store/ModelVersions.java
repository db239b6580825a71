package dev.hone.store;

import dev.hone.record.FinishedRun;
import dev.hone.record.Ids;
import dev.hone.record.ModelVersion;
import dev.hone.record.RunLog;
import dev.hone.record.VersionReference;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Model versions with the runs that made them. The database refuses to change one. */
public final class ModelVersions {
    private static final String VERSIONS = """
            SELECT v.id, u.name, v.number, r.manifest_hash, r.data_hash, r.examples, r.base_model, r.base_model_hash,
                   r.settings, r.training, r.versions, r.finished, r.id, d.hash, v.artifact,
                   (SELECT pu.name || '/' || p.number
                      FROM model_version p JOIN use_case pu ON pu.id = p.use_case
                     WHERE p.id = v.parent),
                   ARRAY(SELECT a.name FROM alias a WHERE a.use_case = v.use_case AND a.version = v.id ORDER BY a.name),
                   (SELECT count(*) FROM evaluation_version e WHERE e.version = v.id), v.created, u.id
              FROM model_version v
              JOIN use_case u ON u.id = v.use_case
              JOIN run r ON r.id = v.run
              LEFT JOIN dataset d ON d.id = r.dataset
            """;

    private final Database database;

    public ModelVersions(Database database) {
        this.database = database;
    }

    /**
     * What is registered.
     *
     * @param run what trained it
     * @param log what the run measured and tried
     * @param dataset that it learned from; null where it is not one of the store's
     * @param artifact SHA-256 of its files
     * @param parent version that the run began with; null when it began with a base model
     * @param folder of the run, for messages
     */
    public record Candidate(
            FinishedRun run,
            RunLog log,
            @Nullable UUID dataset,
            String artifact,
            @Nullable UUID parent,
            String folder) {}

    /** @param fresh whether it was not there before */
    public record Added(ModelVersion version, boolean fresh) {}

    /**
     * Registers a run with its figures and the version that it made, wholly or not at all, under the next number of its use
     * case. What is there already is left as it is.
     *
     * @throws IllegalArgumentException when the run is there with other files
     */
    public Added add(UUID useCase, Candidate candidate) {
        return database.inTransaction(connection -> {
            int last = lockNumbers(connection, useCase);
            Optional<ModelVersion> same = find(connection, useCase, candidate.artifact());
            if (same.isPresent()) {
                return new Added(same.get(), false);
            }
            Optional<UUID> left = left(connection, useCase, candidate);
            UUID run = left.isPresent()
                    ? left.get()
                    : Runs.add(connection, useCase, candidate.run(), candidate.dataset(), candidate.log());
            insert(connection, useCase, last + 1, run, candidate);
            return new Added(find(connection, useCase, candidate.artifact()).orElseThrow(), true);
        });
    }

    /** The highest number given so far; whoever else registers for the use case waits, and whoever stores calls of it does not. */
    private static int lockNumbers(Connection connection, UUID useCase) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT versions FROM use_case WHERE id = ? FOR NO KEY UPDATE")) {
            select.setObject(1, useCase);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    /** The run that is there already because its version was deleted; empty when it is new. */
    private static Optional<UUID> left(Connection connection, UUID useCase, Candidate candidate) throws SQLException {
        Optional<UUID> known = Runs.find(connection, useCase, candidate.run().manifestHash());
        if (known.isPresent()) {
            List<ModelVersion> made = list(connection, VERSIONS + "WHERE r.id = ?", known.get());
            if (!made.isEmpty()) {
                throw new IllegalArgumentException(
                        "The model's files in [%s] were changed since the run was registered as [%s]: restore them, or train anew"
                                .formatted(candidate.folder(), made.getFirst().reference()));
            }
        }
        return known;
    }

    private static void insert(Connection connection, UUID useCase, int number, UUID run, Candidate candidate)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("""
                WITH counted AS (UPDATE use_case SET versions = ? WHERE id = ?)
                INSERT INTO model_version (id, use_case, number, run, artifact, parent) VALUES (?, ?, ?, ?, ?, ?)
                """)) {
            insert.setInt(1, number);
            insert.setObject(2, useCase);
            insert.setObject(3, Ids.next());
            insert.setObject(4, useCase);
            insert.setInt(5, number);
            insert.setObject(6, run);
            insert.setString(7, candidate.artifact());
            insert.setObject(8, candidate.parent());
            insert.executeUpdate();
        }
    }

    /** The versions of all use cases, by use case, the newest first. */
    public List<ModelVersion> list() {
        return database.inTransaction(
                connection -> list(connection, VERSIONS + "ORDER BY u.name, u.project, v.number DESC"));
    }

    /** The versions of a use case, the newest first. */
    public List<ModelVersion> list(UUID useCase) {
        return database.inTransaction(
                connection -> list(connection, VERSIONS + "WHERE v.use_case = ? ORDER BY v.number DESC", useCase));
    }

    /** The version that has these files: of this use case, or else of the one where it was registered first. */
    public Optional<ModelVersion> byArtifact(UUID useCase, String artifact) {
        return database.inTransaction(connection -> list(
                        connection,
                        VERSIONS + "WHERE v.artifact = ? ORDER BY v.use_case = ? DESC, v.id LIMIT 1",
                        artifact,
                        useCase)
                .stream()
                .findFirst());
    }

    /** The version that a reference names at this moment; empty when it names none. */
    public Optional<ModelVersion> find(VersionReference reference) {
        return database.inTransaction(connection -> find(connection, reference));
    }

    /** @throws IllegalArgumentException when there is none, with what there is */
    public ModelVersion require(VersionReference reference) {
        return database.inTransaction(connection -> require(connection, reference));
    }

    static ModelVersion require(Connection connection, VersionReference reference) throws SQLException {
        Optional<ModelVersion> found = find(connection, reference);
        if (found.isPresent()) {
            return found.get();
        }
        UUID useCase = UseCases.require(connection, reference.useCase(), reference.project());
        List<String> there = new ArrayList<>();
        for (ModelVersion version : list(connection, VERSIONS + "WHERE v.use_case = ? ORDER BY v.number", useCase)) {
            there.add(version.reference());
            version.aliases().forEach(alias -> there.add(version.useCase() + "@" + alias));
        }
        throw new IllegalArgumentException(
                there.isEmpty()
                        ? "The use case [%s] has no model versions; add one by: hone models add RUN_FOLDER --use-case %s"
                                .formatted(reference.useCase(), reference.useCase())
                        : "There is no model version [%s], but %s".formatted(reference.text(), there));
    }

    private static Optional<ModelVersion> find(Connection connection, VersionReference reference) throws SQLException {
        Optional<UUID> useCase = UseCases.find(connection, reference.useCase(), reference.project());
        if (useCase.isEmpty()) {
            return Optional.empty();
        }
        List<ModelVersion> found = switch (reference) {
            case VersionReference.Numbered numbered ->
                list(connection, VERSIONS + "WHERE v.use_case = ? AND v.number = ?", useCase.get(), numbered.number());
            case VersionReference.Aliased aliased ->
                list(
                        connection,
                        VERSIONS
                                + "JOIN alias m ON m.use_case = v.use_case AND m.version = v.id WHERE v.use_case = ? AND m.name = ?",
                        useCase.get(),
                        aliased.alias());
        };
        return found.stream().findFirst();
    }

    /** The version of an identifier, which is there. */
    ModelVersion of(UUID version) {
        return database.inTransaction(connection ->
                list(connection, VERSIONS + "WHERE v.id = ?", version).getFirst());
    }

    /** The versions of a project, by use case, the newest first. */
    public List<ModelVersion> ofProject(UUID project) {
        return database.inTransaction(connection ->
                list(connection, VERSIONS + "WHERE u.project = ? ORDER BY u.name, v.number DESC", project));
    }

    /** The version of a number of a project's use case; empty where there is none. */
    public Optional<ModelVersion> find(UUID project, String useCase, int number) {
        return database.inTransaction(
                connection -> list(
                                connection,
                                VERSIONS + "WHERE u.project = ? AND u.name = ? AND v.number = ?",
                                project,
                                useCase,
                                number)
                        .stream()
                        .findFirst());
    }

    /** What versions have as their files, of whatever use case. */
    public Set<String> artifacts() {
        return database.inTransaction(connection -> Set.copyOf(
                Rows.list(connection, "SELECT DISTINCT artifact FROM model_version", row -> row.getString(1))));
    }

    /** Whether a version has these files. */
    public boolean isArtifactUsed(String artifact) {
        return database.inTransaction(
                connection -> !list(connection, VERSIONS + "WHERE v.artifact = ? LIMIT 1", artifact)
                        .isEmpty());
    }

    /** The version of a number; a use case's numbers are never given twice. */
    public ModelVersion of(UUID useCase, int number) {
        return database.inTransaction(
                connection -> list(connection, VERSIONS + "WHERE v.use_case = ? AND v.number = ?", useCase, number)
                        .getFirst());
    }

    private static Optional<ModelVersion> find(Connection connection, UUID useCase, String artifact)
            throws SQLException {
        return list(connection, VERSIONS + "WHERE v.use_case = ? AND v.artifact = ?", useCase, artifact).stream()
                .findFirst();
    }

    private static List<ModelVersion> list(Connection connection, String sql, Object... parameters)
            throws SQLException {
        List<ModelVersion> versions = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                select.setObject(i + 1, parameters[i]);
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    versions.add(version(row));
                }
            }
        }
        return versions;
    }

    private static ModelVersion version(ResultSet row) throws SQLException {
        FinishedRun run = new FinishedRun(
                row.getString(4),
                row.getString(5),
                row.getInt(6),
                row.getString(7),
                row.getString(8),
                row.getString(9),
                row.getString(10),
                row.getString(11),
                row.getObject(12, OffsetDateTime.class).toInstant());
        return new ModelVersion(
                row.getObject(1, UUID.class),
                row.getObject(20, UUID.class),
                row.getString(2),
                row.getInt(3),
                run,
                row.getObject(13, UUID.class),
                row.getString(14),
                row.getString(15),
                row.getString(16),
                List.of((String[]) row.getArray(17).getArray()),
                row.getInt(18),
                row.getObject(19, OffsetDateTime.class).toInstant());
    }
}
