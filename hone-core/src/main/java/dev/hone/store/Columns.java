package dev.hone.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a statement that takes many rows at once, each column an array for {@code unnest}. The driver sends arrays of texts, numbers and truths as
 * they are, and all others as one long text with quotes, which both ends have to read letter by letter.
 */
final class Columns<T> {
    private final Connection connection;
    private final PreparedStatement statement;
    private final List<T> rows;
    private int count;

    Columns(Connection connection, PreparedStatement statement, List<T> rows) {
        this.connection = connection;
        this.statement = statement;
        this.rows = rows;
    }

    /** The next parameter. @param type of its elements */
    Columns<T> column(String type, Function<T, @Nullable Object> value) throws SQLException {
        return column(type, Object[]::new, value);
    }

    Columns<T> integer(Function<T, @Nullable Integer> value) throws SQLException {
        return column("int4", Integer[]::new, value);
    }

    Columns<T> bigint(Function<T, @Nullable Long> value) throws SQLException {
        return column("int8", Long[]::new, value);
    }

    Columns<T> number(Function<T, @Nullable Double> value) throws SQLException {
        return column("float8", Double[]::new, value);
    }

    Columns<T> truth(Function<T, @Nullable Boolean> value) throws SQLException {
        return column("bool", Boolean[]::new, value);
    }

    /** The next parameter, of texts as far as a column can hold them. */
    Columns<T> text(Function<T, @Nullable String> value) throws SQLException {
        return column("text", String[]::new, row -> {
            String text = value.apply(row);
            return text == null ? null : Documents.storable(text);
        });
    }

    private <E> Columns<T> column(String type, IntFunction<@Nullable E[]> made, Function<T, @Nullable E> value)
            throws SQLException {
        statement.setArray(
                ++count, connection.createArrayOf(type, rows.stream().map(value).toArray(made)));
        return this;
    }
}
