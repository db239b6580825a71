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

/**
 * What the calls of each key cost in each month, kept with the calls: for budgets, since what servers did not count is in it as an estimate
 * (and beside it, as {@code estimated}).
 */
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

    private record Sum(BigDecimal amount, BigDecimal estimated) {
        Sum plus(Sum other) {
            return new Sum(amount.add(other.amount), estimated.add(other.estimated));
        }
    }

    /** Books calls that are new. */
    static void add(Connection connection, List<CapturedCall> calls) throws SQLException {
        Map<Booking, Sum> sums = new HashMap<>();
        for (CapturedCall call : calls) {
            UUID key = call.facts().origin().key();
            Money booked = call.facts().booked();
            if (key != null && booked != null) {
                LocalDate month = YearMonth.from(call.facts().started().atOffset(ZoneOffset.UTC))
                        .atDay(1);
                Money estimate = call.facts().estimate();
                BigDecimal estimated = estimate == null ? BigDecimal.ZERO : estimate.amount();
                sums.merge(new Booking(key, month, booked.currency()), new Sum(booked.amount(), estimated), Sum::plus);
            }
        }
        List<Map.Entry<Booking, Sum>> rows = sums.entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<Booking, Sum> entry) ->
                                entry.getKey().key())
                        .thenComparing(entry -> entry.getKey().month())
                        .thenComparing(entry -> entry.getKey().currency()))
                .collect(Collectors.toList());
        try (PreparedStatement upsert = connection.prepareStatement("""
                INSERT INTO key_spend AS k (api_key, month, currency, amount, estimated)
                SELECT * FROM unnest(?::uuid[], ?::date[], ?::text[], ?::numeric[], ?::numeric[])
                ON CONFLICT (api_key, month, currency)
                DO UPDATE SET amount = k.amount + excluded.amount, estimated = k.estimated + excluded.estimated
                """)) {
            new Columns<>(connection, upsert, rows)
                    .column("uuid", row -> row.getKey().key())
                    .column("date", row -> Date.valueOf(row.getKey().month()))
                    .text(row -> row.getKey().currency())
                    .column("numeric", row -> row.getValue().amount())
                    .column("numeric", row -> row.getValue().estimated());
            upsert.executeUpdate();
        }
    }
}
