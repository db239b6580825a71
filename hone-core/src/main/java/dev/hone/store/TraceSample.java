package dev.hone.store;

import dev.hone.record.StoredTrace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Some traces of a project, whole and drawn by chance, however many there are: each is as likely as any other, copies for shadows left out. The same
 * seed draws the same traces as long as there are no others. Few are in memory at once.
 */
public final class TraceSample {
    private static final int BATCH = 200;
    private static final long BATCH_BYTES = 8L << 20;

    /** What follows the time: a call or an imported row is in the window by the time in its identifier. */
    private static final String WHERE = """
            WHERE t.project = (SELECT id FROM project WHERE name = ?) AND t.id >= least_id(?) AND t.id < least_id(?)
              AND t.shadow_of IS NULL
            """;

    private final Database database;

    public TraceSample(Database database) {
        this.database = database;
    }

    /** Takes what is drawn. */
    public interface Taker {
        /** Hears first how many there are, and how many of them will come. */
        void begin(long whole, int drawn) throws IOException;

        void take(StoredTrace trace) throws IOException;
    }

    /**
     * Draws them.
     *
     * @param from the first moment
     * @param to the moment after the last
     * @param most that are drawn
     * @throws IllegalArgumentException when there is no such project
     * @throws IOException of the taker
     */
    public void draw(String project, Instant from, Instant to, int most, long seed, Taker taker) throws IOException {
        try {
            database.inTransaction(connection -> {
                try {
                    draw(connection, project, from, to, most, seed, taker);
                    return project;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void draw(
            Connection connection, String project, Instant from, Instant to, int most, long seed, Taker taker)
            throws SQLException, IOException {
        try (Statement set = connection.createStatement()) {
            set.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
        }
        Projects.require(connection, project);
        Object[] window = {project, from.atOffset(ZoneOffset.UTC), to.atOffset(ZoneOffset.UTC)};
        long whole = Rows.first(connection, "SELECT count(*) FROM trace t " + WHERE, row -> row.getLong(1), window)
                .orElseThrow();
        List<UUID> ids = ids(connection, window, most, seed);
        taker.begin(whole, ids.size());
        List<UUID> batch = new ArrayList<>();
        long bytes = 0;
        Map<UUID, Long> sizes = new HashMap<>();
        for (int i = 0; i < ids.size(); i++) {
            if (i % BATCH == 0) {
                sizes = sizes(connection, ids.subList(i, Math.min(ids.size(), i + BATCH)));
            }
            long size = sizes.getOrDefault(ids.get(i), 0L);
            if (batch.size() == BATCH || !batch.isEmpty() && bytes + size > BATCH_BYTES) {
                take(connection, batch, taker);
                batch.clear();
                bytes = 0;
            }
            batch.add(ids.get(i));
            bytes += size;
        }
        take(connection, batch, taker);
    }

    /** In the order of the identifiers, which is that of time. */
    private static List<UUID> ids(Connection connection, Object[] window, int most, long seed) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT id FROM (SELECT t.id FROM trace t %s ORDER BY hashtextextended(t.id::text, ?), t.id LIMIT ?) AS drawn ORDER BY id"
                        .formatted(WHERE))) {
            for (int i = 0; i < window.length; i++) {
                select.setObject(i + 1, window[i]);
            }
            select.setLong(window.length + 1, seed);
            select.setInt(window.length + 2, most);
            List<UUID> ids = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    ids.add(Rows.id(row, 1));
                }
            }
            return ids;
        }
    }

    private static Map<UUID, Long> sizes(Connection connection, List<UUID> ids) throws SQLException {
        Map<UUID, Long> sizes = new HashMap<>();
        Rows.list(
                        connection,
                        "SELECT id, octet_length(request)::bigint + coalesce(octet_length(response), 0) FROM trace_content WHERE id = ANY (?)",
                        row -> Map.entry(Rows.id(row, 1), row.getLong(2)),
                        Traces.array(connection, "uuid", ids, id -> id))
                .forEach(size -> sizes.put(size.getKey(), size.getValue()));
        return sizes;
    }

    private static void take(Connection connection, List<UUID> batch, Taker taker) throws SQLException, IOException {
        StoredTraces.take(connection, batch, new StoredTraces.Sink() {
            @Override
            public void begin(long traces) {}

            @Override
            public void take(StoredTrace trace) throws IOException {
                taker.take(trace);
            }
        });
    }

    /**
     * Right answers.
     *
     * @param byExperts traces and episodes to which experts gave one
     * @param cameWith imported rows that came with theirs, and have none of experts
     */
    public record Demonstrated(long byExperts, long cameWith) {}

    /** How many right answers there are in a project, of whenever, by use case. */
    public Map<String, Demonstrated> demonstrations(String project) {
        Map<String, Demonstrated> byUseCase = new HashMap<>();
        List<Map.Entry<String, Demonstrated>> counts = database.inTransaction(connection -> Rows.list(
                connection,
                """
                SELECT u.name, count(DISTINCT coalesce(f.trace::text, f.episode)) FILTER (WHERE f.occurred IS NOT NULL),
                       count(DISTINCT coalesce(f.trace::text, f.episode))
                  FROM feedback_in_force f
                  LEFT JOIN trace t ON t.id = f.trace
                  JOIN use_case u ON u.id = coalesce(f.use_case, t.use_case)
                  JOIN project p ON p.id = u.project
                 WHERE f.kind = 'demonstration' AND p.name = ?
                 GROUP BY u.name
                """,
                row -> Map.entry(row.getString(1), new Demonstrated(row.getLong(2), row.getLong(3) - row.getLong(2))),
                project));
        counts.forEach(count -> byUseCase.put(count.getKey(), count.getValue()));
        return byUseCase;
    }
}
