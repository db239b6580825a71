package dev.hone.store;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Conditions of a query that must all hold, each with its parameters. The conditions are texts of this package, the parameters anybody's. */
final class Conditions {
    private final StringBuilder sql = new StringBuilder("true");
    private final List<Object> parameters = new ArrayList<>();

    Conditions and(String condition, Object... values) {
        sql.append(" AND ").append(condition);
        parameters.addAll(List.of(values));
        return this;
    }

    String sql() {
        return sql.toString();
    }

    /** The parameters, for a condition that these are a part of. */
    Object[] values() {
        return parameters.toArray();
    }

    /** @return the place after the last that was set */
    int set(PreparedStatement statement, int from) throws SQLException {
        int at = from;
        for (Object parameter : parameters) {
            statement.setObject(at++, parameter);
        }
        return at;
    }
}
