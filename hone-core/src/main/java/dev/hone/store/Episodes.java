package dev.hone.store;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The calls of an episode in their order, a page at a time, with what they say. */
public final class Episodes {
    /** A body of more bytes stays where it is. */
    private static final int LONGEST = 256 << 10;

    private static final int NOTHING = -1;
    private static final int MOST_FEEDBACK = 100;

    private static final String SELECT = """
            SELECT t.id, coalesce(t.occurred, id_time(t.id)), t.variant, t.status, t.ended, t.ms, t.cost, t.currency,
                   CASE WHEN octet_length(c.request) <= ? THEN c.request END, CASE WHEN octet_length(c.response) <= ? THEN c.response END,
                   coalesce(octet_length(c.request), 0), coalesce(octet_length(c.response), 0)
              FROM trace t LEFT JOIN trace_content c ON c.id = t.id
             WHERE t.project = (SELECT id FROM project WHERE name = ?) AND t.episode = ? AND t.shadow_of IS NULL
            """;

    private final Database database;

    public Episodes(Database database) {
        this.database = database;
    }

    /**
     * A call.
     *
     * @param request null where it is gone, or too long to be shown with others
     * @param response the same; null where there was none as well
     * @param requestBytes how long it is; 0 where there is none
     */
    public record Turn(
            UUID id,
            Instant occurred,
            @Nullable String variant,
            @Nullable Integer status,
            @Nullable String ended,
            @Nullable Double millis,
            @Nullable BigDecimal cost,
            @Nullable String currency,
            @Nullable String request,
            @Nullable String response,
            int requestBytes,
            int responseBytes) {
        /** Whether something is left out. */
        public boolean isCut() {
            return request == null && requestBytes > 0 || response == null && responseBytes > 0;
        }
    }

    /**
     * Some of the calls.
     *
     * @param after only calls after this one; null for the first
     * @param contents whether what they say is wanted
     */
    public List<Turn> page(String project, String episode, @Nullable UUID after, int most, boolean contents) {
        int longest = contents ? LONGEST : NOTHING;
        return database.inTransaction(connection -> Rows.list(
                connection,
                SELECT + " AND (?::uuid IS NULL OR t.id > ?) ORDER BY t.id LIMIT ?",
                Episodes::turn,
                longest,
                longest,
                project,
                Documents.storable(episode),
                after,
                after,
                most));
    }

    /** A call of it. */
    public Optional<Turn> find(String project, String episode, UUID id) {
        return database.inTransaction(connection -> Rows.first(
                connection,
                SELECT + " AND t.id = ?",
                Episodes::turn,
                LONGEST,
                LONGEST,
                project,
                Documents.storable(episode),
                id));
    }

    /** What was said of it as a whole, in any of its use cases. */
    public List<TraceDetails.Said> feedback(String project, String episode) {
        return database.inTransaction(connection -> Rows.list(
                connection,
                """
                SELECT id, kind, name, value, score, author, coalesce(occurred, created) FROM feedback
                 WHERE project = (SELECT id FROM project WHERE name = ?) AND episode = ?
                   AND use_case IN (SELECT use_case FROM trace WHERE episode = ?)
                 ORDER BY id LIMIT ?
                """,
                TraceDetails::said,
                project,
                Documents.storable(episode),
                Documents.storable(episode),
                MOST_FEEDBACK));
    }

    private static Turn turn(ResultSet row) throws SQLException {
        return new Turn(
                Rows.id(row, 1),
                Rows.time(row, 2),
                row.getString(3),
                row.getObject(4, Integer.class),
                row.getString(5),
                row.getObject(6, Double.class),
                row.getBigDecimal(7),
                row.getString(8),
                row.getString(9),
                row.getString(10),
                row.getInt(11),
                row.getInt(12));
    }
}
