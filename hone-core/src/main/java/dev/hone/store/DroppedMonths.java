package dev.hone.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Months whose traces retention has taken away, and whose sums by day have counted them. */
final class DroppedMonths {
    private DroppedMonths() {}

    private record Of(UUID id, YearMonth month) {}

    static void remember(Connection connection, YearMonth month) throws SQLException {
        Rows.change(connection, "INSERT INTO dropped_month (month) VALUES (?) ON CONFLICT DO NOTHING", month.atDay(1));
    }

    /** Those of some traces that were made in such a month, and in which. */
    static Map<UUID, YearMonth> of(Connection connection, Collection<UUID> ids) throws SQLException {
        Map<UUID, YearMonth> months = new HashMap<>();
        List<Of> found = Rows.list(
                connection,
                """
                SELECT row.id, d.month
                  FROM unnest(?::uuid[]) AS row (id)
                  JOIN dropped_month d ON d.month = date_trunc('month', id_time(row.id) AT TIME ZONE 'UTC')::date
                """,
                row -> new Of(Rows.id(row, 1), YearMonth.from(row.getObject(2, LocalDate.class))),
                Traces.array(connection, "uuid", List.copyOf(ids), id -> id));
        found.forEach(one -> months.put(one.id(), one.month()));
        return months;
    }
}
