package dev.hone.store;

import dev.hone.record.ConfigurationText;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** What the files said that calls and feedback followed, each text once by its hash; and which of them each gateway followed last. */
public final class Configurations {
    /** A gateway that has said nothing for so long is taken for gone, unless it was the last of all: machines are off over a weekend. */
    public static final Duration GONE = Duration.ofDays(7);

    private static final String SELECT = """
            SELECT c.since, c.hash, c.files, f.at
              FROM configuration c
              LEFT JOIN (SELECT configuration, max(at) AS at FROM configuration_followed GROUP BY configuration) AS f
                ON f.configuration = c.hash
            """;

    private final Database database;

    public Configurations(Database database) {
        this.database = database;
    }

    /**
     * One of them.
     *
     * @param since when a gateway's first one was stored that follows it
     * @param last when a gateway that follows it, or ended with it, said so last, by the store's clock; null where all follow another since
     */
    public record Stored(Instant since, @Nullable Instant last, ConfigurationText text) {}

    /** A gateway follows one now, and none other any more. @param gateway the name of its journal */
    public void followed(UUID gateway, ConfigurationText text) {
        database.inTransaction(connection -> {
            Rows.change(
                    connection,
                    "INSERT INTO configuration (hash, since, files) VALUES (?, ?, ?::json) ON CONFLICT (hash) DO NOTHING",
                    text.hash(),
                    Instant.now(),
                    JsonMapper.shared().writeValueAsString(text.files()));
            return Rows.change(connection, """
                    INSERT INTO configuration_followed (gateway, configuration) VALUES (?, ?)
                    ON CONFLICT (gateway) DO UPDATE SET configuration = excluded.configuration, at = excluded.at
                    """, gateway, text.hash());
        });
    }

    /** All, the newest first. */
    public List<Stored> all() {
        return find("");
    }

    /** What gateways follow: what each followed last that is not gone, and what was followed last of all; nothing where nothing ever was. */
    public List<Stored> inForce() {
        return database.inTransaction(Configurations::inForce);
    }

    static List<Stored> inForce(Connection connection) throws SQLException {
        return Rows.list(connection, SELECT + """
                 WHERE f.at > clock_timestamp() - make_interval(secs => ?)
                    OR c.hash = (SELECT n.hash FROM configuration n LEFT JOIN configuration_followed g ON g.configuration = n.hash
                                  ORDER BY g.at DESC NULLS LAST, n.since DESC, n.hash LIMIT 1)
                 ORDER BY f.at DESC NULLS LAST, c.hash
                """, Configurations::stored, (double) GONE.toSeconds());
    }

    /**
     * Those whose hash begins so.
     *
     * @param beginning of hexadecimal digits
     */
    public List<Stored> find(String beginning) {
        return database.inTransaction(connection -> Rows.list(
                connection,
                SELECT + "WHERE starts_with(c.hash, ?) ORDER BY c.since DESC, c.hash",
                Configurations::stored,
                beginning));
    }

    private static Stored stored(ResultSet row) throws SQLException {
        return new Stored(
                Rows.time(row, 1),
                Rows.timeOrNull(row, 4),
                new ConfigurationText(
                        row.getString(2),
                        JsonMapper.shared()
                                .readValue(row.getString(3), new TypeReference<List<ConfigurationText.File>>() {})));
    }
}
