package dev.hone.store;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.Flyway;

/** A database as an older Hone left it, beside that of the tests. */
final class OldDatabase implements AutoCloseable {
    private final Flyway flyway;
    private final Connection connection;

    private OldDatabase(Flyway flyway, Connection connection) {
        this.flyway = flyway;
        this.connection = connection;
    }

    /** @param version of its tables */
    static OldDatabase of(String version) throws IOException, SQLException {
        String url = TestDatabase.database()
                .inTransaction(connection -> connection.getMetaData().getURL());
        String password = Files.readString(TestDatabase.home().resolve("db").resolve("password"))
                .strip();
        String name = "before_" + version;
        try (Connection tests = DriverManager.getConnection(url, "hone", password);
                Statement statement = tests.createStatement()) {
            statement.execute("DROP DATABASE IF EXISTS " + name);
            statement.execute("CREATE DATABASE " + name);
        }
        String old = url.replaceFirst("/[^/?]*(\\?|$)", "/" + name + "$1");
        Flyway.configure()
                .dataSource(old, "hone", password)
                .loggers("slf4j")
                .target(version)
                .load()
                .migrate();
        return new OldDatabase(
                Flyway.configure()
                        .dataSource(old, "hone", password)
                        .loggers("slf4j")
                        .load(),
                DriverManager.getConnection(old, "hone", password));
    }

    void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    String query(String sql) throws SQLException {
        return CallsTest.query(connection, sql);
    }

    /** Brings its tables up to date. */
    void migrate() {
        flyway.migrate();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
