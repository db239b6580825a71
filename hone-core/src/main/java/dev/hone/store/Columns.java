package dev.hone.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The parameters of a statement that takes many rows at once, each column an array for {@code unnest}. */
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
        statement.setArray(++count, Traces.array(connection, type, rows, value));
        return this;
    }

    /** The next parameter, of texts as far as a column can hold them. */
    Columns<T> text(Function<T, @Nullable String> value) throws SQLException {
        return column("text", row -> {
            String text = value.apply(row);
            return text == null ? null : Documents.storable(text);
        });
    }
}
