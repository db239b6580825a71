package dev.hone.store;

import dev.hone.record.GateVerdict;
import dev.hone.record.Ids;
import dev.hone.record.ModelVersion;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What gates said of model versions. The database refuses to change or remove a row. */
public final class GateVerdicts {
    private static final String SELECT = """
            SELECT g.id, u.name, g.number, g.version, g.evaluation, g.passed, g.evidence, g.gates, g.artifact, g.baseline, g.who, g.created
              FROM gate_verdict g JOIN use_case u ON u.id = g.use_case
            """;

    private final Database database;

    public GateVerdicts(Database database) {
        this.database = database;
    }

    /** Keeps one of gates that are not known, and of a version that would replace none. */
    public GateVerdict add(
            ModelVersion version, @Nullable UUID evaluation, boolean passed, String evidence, String who) {
        return add(version, evaluation, passed, evidence, null, null, who);
    }

    /**
     * Keeps one, of the version's weights.
     *
     * @param evaluation the report that was judged; null where none was
     * @param evidence a JSON object
     * @param gates SHA-256 of the gates that were declared; null where nobody declared any
     * @param baseline the version that was live when it was judged; null where none was
     * @param who asked
     * @throws IllegalArgumentException when the version is gone
     */
    public GateVerdict add(
            ModelVersion version,
            @Nullable UUID evaluation,
            boolean passed,
            String evidence,
            @Nullable String gates,
            @Nullable UUID baseline,
            String who) {
        UUID id = Ids.next();
        return database.inTransaction(connection -> {
            int added = Rows.change(
                    connection,
                    """
                    INSERT INTO gate_verdict (id, use_case, number, version, evaluation, passed, evidence, gates, artifact, baseline, who)
                    SELECT ?, use_case, number, id, ?::uuid, ?, ?::json, ?::text, artifact, ?::uuid, ? FROM model_version WHERE id = ?
                    """,
                    id,
                    evaluation,
                    passed,
                    Documents.storable(evidence),
                    gates,
                    baseline,
                    who,
                    version.id());
            if (added == 0) {
                throw new IllegalArgumentException(
                        "[%s] was deleted meanwhile: there is nothing that a verdict could be of"
                                .formatted(version.reference()));
            }
            return Rows.first(connection, SELECT + " WHERE g.id = ?", GateVerdicts::verdict, id)
                    .orElseThrow();
        });
    }

    /** The newest of a version: by this one it may have traffic, or not. */
    public Optional<GateVerdict> last(UUID version) {
        return database.inTransaction(connection -> last(connection, version));
    }

    static Optional<GateVerdict> last(Connection connection, UUID version) throws SQLException {
        return Rows.first(
                connection, SELECT + " WHERE g.version = ? ORDER BY g.id DESC LIMIT 1", GateVerdicts::verdict, version);
    }

    /** All of a version, the newest first. */
    public List<GateVerdict> of(UUID version) {
        return database.inTransaction(connection -> of(connection, version));
    }

    static List<GateVerdict> of(Connection connection, UUID version) throws SQLException {
        return Rows.list(
                connection, SELECT + " WHERE g.version = ? ORDER BY g.id DESC", GateVerdicts::verdict, version);
    }

    private static @Nullable String forced(String evidence) {
        JsonNode forced = JsonMapper.shared().readTree(evidence).path("forced");
        return forced.isString() ? forced.stringValue() : null;
    }

    private static GateVerdict verdict(ResultSet row) throws SQLException {
        return new GateVerdict(
                Rows.id(row, 1),
                row.getString(2),
                row.getInt(3),
                Rows.id(row, 4),
                row.getObject(5, UUID.class),
                row.getBoolean(6),
                forced(row.getString(7)),
                row.getString(7),
                row.getString(8),
                row.getString(9),
                row.getObject(10, UUID.class),
                row.getString(11),
                Rows.time(row, 12));
    }
}
