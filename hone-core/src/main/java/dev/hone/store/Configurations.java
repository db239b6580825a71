package dev.hone.store;

import dev.hone.record.ConfigurationText;
import dev.hone.record.ModelVersion;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** What the files said that calls and feedback followed, each text once by its hash. */
public final class Configurations {
    private final Database database;

    public Configurations(Database database) {
        this.database = database;
    }

    /** @param since when a gateway's first one was stored that follows it */
    public record Stored(Instant since, ConfigurationText text) {}

    /** Nothing happens when it is there. */
    public void add(ConfigurationText text) {
        database.inTransaction(connection -> Rows.change(
                connection,
                "INSERT INTO configuration (hash, since, files) VALUES (?, ?, ?::json) ON CONFLICT (hash) DO NOTHING",
                text.hash(),
                Instant.now(),
                JsonMapper.shared().writeValueAsString(text.files())));
    }

    /** All, the newest first. */
    public List<Stored> all() {
        return find("");
    }

    /** What was followed last for the first time; empty where nothing ever was. */
    public Optional<Stored> newest() {
        return database.inTransaction(Configurations::newest);
    }

    private static Optional<Stored> newest(Connection connection) throws SQLException {
        return Rows.first(
                connection,
                "SELECT since, hash, files FROM configuration ORDER BY since DESC, hash LIMIT 1",
                Configurations::stored);
    }

    /** Whether the newest says that a version is served, by its number. */
    static boolean names(Connection connection, ModelVersion version) throws SQLException {
        Pattern served = Pattern.compile(
                "\\bversion *: *[\"']?(?:[a-z0-9-]+:)?%s(?![0-9])".formatted(Pattern.quote(version.reference())));
        return newest(connection).stream()
                .flatMap(stored -> stored.text().files().stream())
                .anyMatch(file -> served.matcher(file.text()).find());
    }

    /**
     * Those whose hash begins so.
     *
     * @param beginning of hexadecimal digits
     */
    public List<Stored> find(String beginning) {
        return database.inTransaction(connection -> Rows.list(
                connection,
                "SELECT since, hash, files FROM configuration WHERE starts_with(hash, ?) ORDER BY since DESC, hash",
                Configurations::stored,
                beginning));
    }

    private static Stored stored(ResultSet row) throws SQLException {
        return new Stored(
                Rows.time(row, 1),
                new ConfigurationText(
                        row.getString(2),
                        JsonMapper.shared()
                                .readValue(row.getString(3), new TypeReference<List<ConfigurationText.File>>() {})));
    }
}
