package dev.hone.load;

import dev.hone.store.BundledDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What the bundled database of a home has, by a connection of its own. */
final class StoredTraces {
    private final Path home;

    StoredTraces(Path home) {
        this.home = home;
    }

    private interface Reading<T> {
        T of(ResultSet row) throws SQLException;
    }

    private Connection connect() throws IOException, SQLException {
        String password = Files.readString(home.resolve("db/password")).strip();
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:%d/postgres"
                        .formatted(new BundledDatabase(home).status().port()),
                "hone",
                password);
    }

    private <T> List<T> select(String sql, Reading<T> reading) throws IOException, SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<T> all = new ArrayList<>();
            while (rows.next()) {
                all.add(reading.of(rows));
            }
            return all;
        }
    }

    /** Nobody reads or writes a table from now on until it is released. @return done when it has been */
    CompletableFuture<Void> whileLocked(String table, CountDownLatch released) throws InterruptedException {
        CountDownLatch held = new CountDownLatch(1);
        CompletableFuture<Void> done = CompletableFuture.runAsync(
                () -> {
                    try (Connection connection = connect();
                            Statement statement = connection.createStatement()) {
                        connection.setAutoCommit(false);
                        statement.execute("LOCK TABLE " + table + " IN ACCESS EXCLUSIVE MODE");
                        held.countDown();
                        if (!released.await(150, TimeUnit.SECONDS)) {
                            throw new IllegalStateException("The table [%s] was never released".formatted(table));
                        }
                        connection.rollback();
                    } catch (IOException | SQLException | InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                },
                command -> Thread.ofVirtual().start(command));
        if (!held.await(60, TimeUnit.SECONDS)) {
            throw new IllegalStateException("The table [%s] was not locked".formatted(table));
        }
        return done;
    }

    /** Identifiers of all traces, as often as they are there. */
    List<String> ids() throws IOException, SQLException {
        return select("SELECT id FROM trace", row -> row.getString(1));
    }

    /** Of each trace: how many attempts were made, and the end. */
    List<String> column(String sql) throws IOException, SQLException {
        return select(sql, row -> row.getString(1));
    }

    long count() throws IOException, SQLException {
        return select("SELECT count(*) FROM trace", row -> row.getLong(1)).getFirst();
    }

    /** Whether the gateway takes over what its journal has: it begins before that. */
    boolean isOpen() throws IOException {
        return Files.exists(home.resolve("journal/id")) && pid() != 0;
    }

    /** Whether the database has all that stands in the journal. */
    boolean drained() throws IOException, SQLException {
        Path journal = home.resolve("journal");
        List<Path> segments;
        try (Stream<Path> files = Files.list(journal)) {
            segments = files.filter(file -> file.toString().endsWith(".journal"))
                    .sorted()
                    .toList();
        }
        if (segments.isEmpty()) {
            return true;
        }
        Path last = segments.getLast();
        if (!isOpen()) {
            return false;
        }
        String id = Files.readString(journal.resolve("id")).strip();
        String name = last.getFileName().toString();
        long number = Long.parseLong(name.substring(0, name.indexOf('.')));
        return select(
                        "SELECT segment, \"offset\" FROM journal_checkpoint WHERE journal = '" + id + "'",
                        row -> row.getLong(1) > number
                                || row.getLong(1) == number
                                        && row.getLong(2) >= last.toFile().length())
                .stream()
                .anyMatch(there -> there);
    }

    /** Waits for that. @return how long, in seconds */
    double awaitDrained(Duration most) throws IOException, SQLException, InterruptedException {
        long from = System.nanoTime();
        while (!drainedByNow()) {
            if (System.nanoTime() - from > most.toNanos()) {
                throw new IllegalStateException("The journal was not drained in " + most);
            }
            Thread.sleep(50);
        }
        return (System.nanoTime() - from) / 1e9;
    }

    /** A database that does not answer has not got all. */
    private boolean drainedByNow() throws IOException {
        try {
            return drained();
        } catch (SQLException e) {
            return false;
        }
    }

    /** Process of the database's server; 0 where none runs. */
    long pid() throws IOException {
        return new BundledDatabase(home).status().pid();
    }
}
