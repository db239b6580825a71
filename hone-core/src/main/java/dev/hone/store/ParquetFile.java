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
import java.util.stream.IntStream;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * A Parquet file that is being written, row by row. DuckDB writes it in parts beside the file, and then one file of them: what is in memory
 * does not grow with the rows, nor by how many of them DuckDB takes at once, which is 2,048 of a table and fewer where a part ends. The file is
 * there whole or not at all, and for its owner alone.
 */
public final class ParquetFile implements AutoCloseable {
    /** What DuckDB may keep in memory: enough for the largest rows there are; others take a third of it. */
    private static final String MEMORY = "1GB";

    /** Of a group of rows, about, as DuckDB has them in memory. */
    private static final String GROUP = "32MB";

    /** Letters of a part, about. */
    private static final long PART_LETTERS = 4L << 20;

    private static final long PART_ROWS = 40_960;

    /** Digits behind the point of an amount, and in all. */
    private static final int SCALE = 18;

    private static final int PRECISION = 38;

    private final Path target;
    private final Path folder;
    private final List<Column> columns;
    private final DuckDBConnection connection;
    private DuckDBAppender appender;
    private int parts;
    private long rows;
    private long letters;

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
            this.connection = (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:");
            try {
                execute("SET memory_limit = '%s'".formatted(MEMORY));
                execute("SET threads = 1");
                execute("SET temp_directory = '%s'".formatted(quoted(folder.resolve("spilled"))));
                // Else groups are of a number of rows, however large these are. One thread keeps their order.
                execute("SET preserve_insertion_order = false");
                this.appender = table();
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            Durable.delete(folder);
            throw failure(e);
        }
    }

    /** An empty table for the next part. */
    private DuckDBAppender table() throws SQLException {
        execute("CREATE OR REPLACE TABLE rows (%s)"
                .formatted(columns.stream()
                        .map(column -> "\"%s\" %s".formatted(column.name(), column.type().sql))
                        .collect(Collectors.joining(", "))));
        return connection.createAppender("rows");
    }

    private Path part(int number) {
        return folder.resolve("part-%d".formatted(number));
    }

    private void endPart() throws SQLException {
        appender.close();
        execute("COPY rows TO '%s' (FORMAT parquet, COMPRESSION lz4_raw)".formatted(quoted(part(parts))));
        parts++;
        rows = 0;
        letters = 0;
        appender = table();
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
                                        ? "; a row is too large for [%s] of memory: export as jsonl".formatted(MEMORY)
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
            if (letters > PART_LETTERS || rows >= PART_ROWS) {
                endPart();
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
                letters += text.length();
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
            endPart();
            Path whole = folder.resolve("whole");
            execute(
                    "COPY (FROM read_parquet([%s])) TO '%s' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE_BYTES '%s')"
                            .formatted(
                                    IntStream.range(0, parts)
                                            .mapToObj(number -> "'" + quoted(part(number)) + "'")
                                            .collect(Collectors.joining(", ")),
                                    quoted(whole),
                                    GROUP));
            Files.setPosixFilePermissions(whole, PosixFilePermissions.fromString("rw-------"));
            Durable.publish(whole, target);
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    @Override
    public void close() throws IOException {
        try (DuckDBConnection ending = connection;
                DuckDBAppender last = appender) {
            letters = 0;
        } catch (SQLException e) {
            throw failure(e);
        } finally {
            Durable.delete(folder);
        }
    }
}
