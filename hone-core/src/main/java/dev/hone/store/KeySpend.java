package dev.hone.store;

import dev.hone.record.CapturedCall;
import dev.hone.record.Money;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** What the calls of each key cost in each month, kept with the calls. */
public final class KeySpend {
    private final Database database;

    public KeySpend(Database database) {
        this.database = database;
    }

    /** Amounts by key and currency. */
    public record Spent(UUID key, String currency) {}

    /** Of a month, in UTC. */
    public Map<Spent, BigDecimal> of(YearMonth month) {
        return database.inTransaction(connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT api_key, currency, amount FROM key_spend WHERE month = ?")) {
                select.setDate(1, Date.valueOf(month.atDay(1)));
                Map<Spent, BigDecimal> spent = new HashMap<>();
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        spent.put(new Spent(row.getObject(1, UUID.class), row.getString(2)), row.getBigDecimal(3));
                    }
                }
                return spent;
            }
        });
    }

    private record Booking(UUID key, LocalDate month, String currency) {}

    /** Books calls that are new. */
    static void add(Connection connection, List<CapturedCall> calls) throws SQLException {
        Map<Booking, BigDecimal> sums = new HashMap<>();
        for (CapturedCall call : calls) {
            UUID key = call.facts().origin().key();
            Money cost = call.facts().cost();
            if (key != null && cost != null) {
                LocalDate month = YearMonth.from(call.facts().started().atOffset(ZoneOffset.UTC))
                        .atDay(1);
                sums.merge(new Booking(key, month, cost.currency()), cost.amount(), BigDecimal::add);
            }
        }
        List<Map.Entry<Booking, BigDecimal>> rows = sums.entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<Booking, BigDecimal> entry) ->
                                entry.getKey().key())
                        .thenComparing(entry -> entry.getKey().month())
                        .thenComparing(entry -> entry.getKey().currency()))
                .collect(Collectors.toList());
        try (PreparedStatement upsert = connection.prepareStatement("""
                INSERT INTO key_spend AS k (api_key, month, currency, amount)
                SELECT * FROM unnest(?::uuid[], ?::date[], ?::text[], ?::numeric[])
                ON CONFLICT (api_key, month, currency) DO UPDATE SET amount = k.amount + excluded.amount
                """)) {
            new Columns<>(connection, upsert, rows)
                    .column("uuid", row -> row.getKey().key())
                    .column("date", row -> Date.valueOf(row.getKey().month()))
                    .text(row -> row.getKey().currency())
                    .column("numeric", Map.Entry::getValue);
            upsert.executeUpdate();
        }
    }
}
