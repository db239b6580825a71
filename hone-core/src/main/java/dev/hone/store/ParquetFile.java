package dev.hone.store;

import dev.hone.file.Durable;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Collectors;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * A Parquet file that is being written, row by row. DuckDB writes it, by way of a database of its own beside the file: what is in
 * memory does not grow with the rows. The file is there whole or not at all, and for its owner alone.
 */
public final class ParquetFile implements AutoCloseable {
    /** What DuckDB may keep in memory: the fewest rows of a group, and again while it packs them. */
    private static final String MEMORY = "1GB";

    private static final long FLUSHED_BYTES = 4L << 20;

    /** About; the fewest rows of a group are DuckDB's. */
    private static final long GROUP_BYTES = 32L << 20;

    private static final long FEWEST_ROWS = 2_048;
    private static final long MOST_ROWS = 122_880;

    /** Digits behind the point of an amount, and in all. */
    private static final int SCALE = 18;

    private static final int PRECISION = 38;

    private final Path target;
    private final Path folder;
    private final List<Column> columns;
    private final DuckDBConnection connection;
    private final DuckDBAppender appender;
    private long rows;
    private long bytes;
    private long unflushed;

    /** What a column holds. */
    public enum Type {
        TEXT("VARCHAR"),
        TRUTH("BOOLEAN"),
        WHOLE("BIGINT"),
        REAL("DOUBLE"),
        /** Exact, of 18 digits behind the point. */
        AMOUNT("DECIMAL(%d, %d)".formatted(PRECISION, SCALE)),
        /** In microseconds, of UTC. */
        TIME("TIMESTAMP WITH TIME ZONE");

        private final String sql;

        Type(String sql) {
            this.sql = sql;
        }
    }

    /** A column, whose values may be missing. */
    public record Column(String name, Type type) {}

    /** @param target in whose place the file comes when it is finished */
    public ParquetFile(Path target, List<Column> columns) throws IOException {
        this.target = target;
        this.columns = List.copyOf(columns);
        this.folder = target.resolveSibling("." + target.getFileName() + ".parts");
        Durable.delete(folder);
        Files.createDirectory(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try {
            this.connection = (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:" + folder.resolve("rows"));
            try {
                execute("SET memory_limit = '%s'".formatted(MEMORY));
                execute("SET threads = 1");
                execute("SET temp_directory = '%s'".formatted(quoted(folder.resolve("spilled"))));
                execute("CREATE TABLE rows (%s)"
                        .formatted(columns.stream()
                                .map(column -> "\"%s\" %s".formatted(column.name(), column.type().sql))
                                .collect(Collectors.joining(", "))));
                this.appender = connection.createAppender("rows");
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            Durable.delete(folder);
            throw failure(e);
        }
    }

    private static String quoted(Path path) {
        return path.toString().replace("'", "''");
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private IOException failure(SQLException e) {
        String said = String.valueOf(e.getMessage());
        return new IOException(
                "[%s] cannot be written: %s%s"
                        .formatted(
                                target,
                                said.lines().findFirst().orElse(""),
                                said.contains("Out of Memory")
                                        ? "; rows are too large for groups of [%d]: export as jsonl"
                                                .formatted(FEWEST_ROWS)
                                        : ""),
                e);
    }

    /**
     * One more row.
     *
     * @param values of the columns, in their order: texts, {@link Boolean}, {@link Long}, {@link Double}, {@link BigDecimal},
     *     {@link Instant}
     * @throws IllegalArgumentException when an amount has more digits than a column
     */
    public void add(@Nullable Object... values) throws IOException {
        try {
            appender.beginRow();
            for (int i = 0; i < columns.size(); i++) {
                append(columns.get(i), values[i]);
            }
            appender.endRow();
            rows++;
            if (unflushed > FLUSHED_BYTES) {
                appender.flush();
                unflushed = 0;
            }
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    private void append(Column column, @Nullable Object value) throws SQLException {
        if (value == null) {
            appender.appendNull();
            return;
        }
        switch (column.type()) {
            case TEXT -> {
                String text = (String) value;
                bytes += text.length();
                unflushed += text.length();
                appender.append(text);
            }
            case TRUTH -> appender.append((boolean) value);
            case WHOLE -> appender.append((long) value);
            case REAL -> appender.append((double) value);
            case AMOUNT -> appender.append(amount(column, (BigDecimal) value));
            case TIME -> appender.appendEpochMicros(ChronoUnit.MICROS.between(Instant.EPOCH, (Instant) value));
        }
    }

    private static BigDecimal amount(Column column, BigDecimal exact) {
        try {
            BigDecimal scaled = exact.setScale(SCALE, RoundingMode.UNNECESSARY);
            if (scaled.precision() <= PRECISION) {
                return scaled;
            }
        } catch (ArithmeticException e) {
            // It would have to be rounded.
        }
        throw new IllegalArgumentException(
                "[%s] has [%s], which DECIMAL(%d, %d) of Parquet cannot hold exactly: export as jsonl"
                        .formatted(column.name(), exact.toPlainString(), PRECISION, SCALE));
    }

    /** Puts the file into its place. */
    public void finish() throws IOException {
        try {
            appender.close();
            Path part = folder.resolve("part");
            execute("COPY rows TO '%s' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE %d)"
                    .formatted(
                            quoted(part),
                            Math.clamp(GROUP_BYTES / Math.max(1, bytes / Math.max(1, rows)), FEWEST_ROWS, MOST_ROWS)));
            Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rw-------"));
            Durable.publish(part, target);
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    @Override
    public void close() throws IOException {
        try (connection;
                appender) {
            unflushed = 0;
        } catch (SQLException e) {
            throw failure(e);
        } finally {
            Durable.delete(folder);
        }
    }
}
