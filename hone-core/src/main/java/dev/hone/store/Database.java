package dev.hone.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import dev.hone.store.ServerFolder.Running;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The open database. The bundled server is started unless it runs, started again should it die, and ended when its last user
 * closes; one that the killed parent of another left behind is taken over.
 */
public final class Database implements AutoCloseable {
    private static final int CONNECTIONS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final int READERS_CONNECTIONS = 4;
    private static final Duration READERS_PATIENCE = Duration.ofSeconds(2);

    /** The longest that a statement of somebody who looks at something may take. */
    public static final Duration READERS_LONGEST = Duration.ofSeconds(4);

    /** The longest that a statement may say nothing. */
    private static final int SILENCE_SECONDS = 600;

    private final String shown;
    private final PGSimpleDataSource source;
    private final HikariDataSource pool;
    private final @Nullable Bundled bundled;
    private final Thread hook = Thread.ofPlatform().name("hone-database-end").unstarted(this::atTheEnd);
    private volatile @Nullable Database readers;
    private volatile boolean owned;
    private boolean closed;

    private Database(String shown, PGSimpleDataSource source, HikariDataSource pool, @Nullable Bundled bundled) {
        this.shown = shown;
        this.source = source;
        this.pool = pool;
        this.bundled = bundled;
    }

    private static HikariConfig pool(PGSimpleDataSource source, String name, int connections, Duration patience) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setDataSource(source);
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(patience.toMillis());
        config.setAutoCommit(false);
        return config;
    }

    private static Database of(String shown, PGSimpleDataSource source, @Nullable Bundled bundled) {
        return new Database(shown, source, new HikariDataSource(pool(source, "hone", CONNECTIONS, PATIENCE)), bundled);
    }

    /**
     * The same database for all who look at something: by a few connections of their own, none of which is waited for long, and on which no
     * statement takes long. They take none from whoever has this one. It ends with this one.
     */
    public synchronized Database forReaders() {
        Database made = readers;
        if (made == null) {
            if (closed) {
                throw new StoreException("The database [%s] has been closed".formatted(shown));
            }
            HikariConfig config = pool(source, "hone-readers", READERS_CONNECTIONS, READERS_PATIENCE);
            config.setConnectionInitSql("SET statement_timeout = " + READERS_LONGEST.toMillis());
            // Whoever looks at a page does not wait for a database that is away.
            config.setInitializationFailTimeout(-1);
            made = new Database(shown, source, new HikariDataSource(config), null);
            readers = made;
        }
        return made;
    }

    /**
     * Opens the database of {@code HONE_DB_URL}, or else the bundled one, and brings its tables up to date.
     *
     * @param home where the bundled one is kept
     * @param notices hears what takes long
     * @throws IllegalArgumentException when {@code HONE_DB_URL} is no address
     * @throws StoreException when it cannot be reached or started
     */
    public static Database open(Map<String, String> environment, Path home, Consumer<String> notices) {
        String named = environment.getOrDefault("HONE_DB_URL", "");
        try {
            Database database = named.isBlank() ? bundled(home, notices) : external(DatabaseAddress.parse(named));
            try {
                Runtime.getRuntime().addShutdownHook(database.hook);
                database.migrate();
                return database;
            } catch (StoreException e) {
                database.close();
                throw e;
            }
        } catch (HikariPool.PoolInitializationException e) {
            throw e.getCause() instanceof SQLException sql
                    ? StoreException.of(
                            sql,
                            named.isBlank()
                                    ? home.toString()
                                    : DatabaseAddress.parse(named).shown())
                    : e;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Database external(DatabaseAddress address) {
        return of(address.shown(), source(address), null);
    }

    /** A server far away may vanish without a word: what waits for it ends, unless the address says otherwise. */
    static PGSimpleDataSource source(DatabaseAddress address) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        try {
            source.setUrl(address.url());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "HONE_DB_URL is [%s], which the driver does not take; expected postgresql://user:password@host:5432/database"
                            .formatted(address.shown()),
                    e);
        }
        if (!address.user().isEmpty()) {
            source.setUser(address.user());
        }
        if (!address.password().isEmpty()) {
            source.setPassword(address.password());
        }
        if (!address.url().contains("socketTimeout=")) {
            source.setSocketTimeout(SILENCE_SECONDS);
        }
        if (!address.url().contains("tcpKeepAlive=")) {
            source.setTcpKeepAlive(true);
        }
        return source;
    }

    private static Database bundled(Path home, Consumer<String> notices) throws IOException {
        Bundled bundled = new Bundled(home, notices);
        Running running = bundled.enter();
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {"127.0.0.1"});
        source.setPortNumbers(new int[] {running.port()});
        source.setDatabaseName(PostgresServer.DATABASE);
        source.setUser(PostgresServer.USER);
        source.setPassword(Files.readString(ServerFolder.in(home).password()).strip());
        Database database = of(ServerFolder.in(home).folder().toString(), source, bundled);
        bundled.watch(database::moved);
        return database;
    }

    /** The server runs again, on another port. */
    private void moved(Running running) {
        source.setPortNumbers(new int[] {running.port()});
        pool.getHikariPoolMXBean().softEvictConnections();
        Database made = readers;
        if (made != null) {
            made.pool.getHikariPoolMXBean().softEvictConnections();
        }
    }

    private void migrate() {
        try {
            Flyway.configure()
                    .dataSource(pool)
                    .loggers("slf4j")
                    .ignoreMigrationPatterns(new String[0])
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw migrationFailure(e);
        }
    }

    private StoreException migrationFailure(FlywayException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return StoreException.of(sql, shown);
            }
        }
        String said = String.valueOf(e.getMessage())
                .lines()
                .limit(3)
                .reduce((a, b) -> a + " " + b)
                .orElse("");
        return new StoreException(
                "The tables of [%s] cannot be brought up to date: %s; if a newer Hone made them, use that one"
                        .formatted(shown, said),
                e);
    }

    /** What is done in a transaction. */
    interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    /** Runs something wholly or not at all. */
    <T> T inTransaction(Work<T> work) {
        try (Connection connection = pool.getConnection()) {
            try {
                T result = work.run(connection);
                connection.commit();
                return result;
            } catch (SQLException | RuntimeException e) {
                rollBack(connection, e);
                throw e;
            }
        } catch (SQLException e) {
            throw StoreException.of(e, shown);
        }
    }

    /** The same where each statement may take only so long; empty where one would take longer. */
    <T> Optional<T> within(Duration longest, Work<T> work) {
        try {
            return Optional.of(inTransaction(connection -> {
                Rows.change(connection, "SET LOCAL statement_timeout = " + Math.max(1, longest.toMillis()));
                return work.run(connection);
            }));
        } catch (StoreException e) {
            if (e.isTooLong()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static void rollBack(Connection connection, Exception e) {
        try {
            connection.rollback();
        } catch (SQLException rollback) {
            e.addSuppressed(rollback);
        }
    }

    /** Where it is, for people; without a password. */
    public String shown() {
        return shown;
    }

    /** The server's process; empty when it is an external one. */
    Optional<Long> pid() {
        return bundled == null ? Optional.empty() : Optional.of(bundled.pid());
    }

    /**
     * It stays open at the end of the virtual machine until its owner closes it, who has something to write until then. Else it closes of its
     * own accord.
     */
    public void leaveToOwner() {
        owned = true;
    }

    /** The virtual machine is ending. */
    void atTheEnd() {
        if (!owned) {
            close();
        }
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        Database made = readers;
        if (made != null) {
            made.close();
        }
        pool.close();
        if (bundled != null) {
            bundled.leave();
        }
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The virtual machine is ending, and this is the hook.
        }
    }
}
